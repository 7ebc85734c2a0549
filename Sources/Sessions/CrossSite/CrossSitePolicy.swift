// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Which requests of other sites are allowed, and which requests must carry a token.
///
/// The defaults refuse a request that comes from another origin by what its browser says or shows, as Go 1.25's
/// `CrossOriginProtection` does:
///
/// ```swift
/// let policy = CrossSitePolicy(trustedOrigins: ["https://pay.example"], exemptPaths: ["/hooks/"])
/// ```
public struct CrossSitePolicy: Sendable, Hashable {
    /// Whether anything is checked.
    public var isEnabled: Bool
    /// Origins whose requests are allowed, as a browser writes them: `https://pay.example`, `http://localhost:3000`.
    public var trustedOrigins: [String]
    /// Paths that allow requests from any site, without a token. A path that ends in a slash stands for all below it.
    ///
    /// They are compared with the path as it was sent. Below a slash, a path with `%`, `\`, an empty part, or a part of
    /// dots is never exempt. A handler behind an exempt path must not rely on the session.
    public var exemptPaths: [String]
    /// Which requests must carry the session's token.
    public var tokens: CrossSiteTokenRule
    /// Whether the origin is compared with `X-Forwarded-Host`, where it is sent, instead of `Host`.
    ///
    /// It is meant for a proxy that changes `Host` and always sets that field itself. With any other proxy, leave it
    /// false.
    public var trustsForwardedHost: Bool

    /// A policy; the defaults allow no other origin.
    public init(
        trustedOrigins: [String] = [], exemptPaths: [String] = [], tokens: CrossSiteTokenRule = .onceIssued,
        trustsForwardedHost: Bool = false
    ) {
        self.isEnabled = true
        self.trustedOrigins = trustedOrigins
        self.exemptPaths = exemptPaths
        self.tokens = tokens
        self.trustsForwardedHost = trustsForwardedHost
    }

    /// Checks nothing: for servers that use no cookies, or have checks of their own.
    public static let off: CrossSitePolicy = {
        var policy = CrossSitePolicy()
        policy.isEnabled = false
        return policy
    }()

    /// - Throws: ``SessionError`` for an origin that no browser would send, and a path that no request could have.
    func validate() throws(SessionError) {
        for text in self.trustedOrigins {
            guard let origin = Origin(text) else {
                throw SessionError(
                    .invalidConfiguration,
                    "The trusted origin \"\(text)\" is not an origin; write scheme://host or scheme://host:port."
                )
            }
            guard origin.isNormal else {
                throw SessionError(
                    .invalidConfiguration,
                    "No browser sends the trusted origin \"\(text)\"; use small letters, and no :80 or :443.")
            }
        }
        for path in self.exemptPaths {
            guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(where: { "?#".utf8.contains($0) }) else {
                throw SessionError(
                    .invalidConfiguration,
                    "The exempt path \"\(path)\" is not a path; begin it with a slash, and leave out any query.")
            }
            guard path.utf8.count > 1 else {
                throw SessionError(
                    .invalidConfiguration,
                    "The exempt path \"/\" would exempt every request; use CrossSitePolicy.off for that.")
            }
        }
    }
}

/// Which unsafe requests must carry the token of their session, ``Session/csrfToken``.
///
/// Browsers since 2023 say where a request comes from. The token is for old browsers and programs, which do not.
public enum CrossSiteTokenRule: Hashable, Sendable {
    /// None.
    case never
    /// Those that do not say where they come from, once their session has been given a token. A program that never
    /// requests a page with a token needs none.
    case onceIssued
    /// Those that do not say where they come from, programs among them.
    case withoutProof
    /// All, except from trusted origins and to exempt paths.
    case always
}
