// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Which requests of other sites are taken all the same, and which must carry a token.
///
/// Left to its defaults it refuses what a browser says, or shows, to come from another origin, as Go 1.25's
/// `CrossOriginProtection` does:
///
/// ```swift
/// let policy = CrossSitePolicy(trustedOrigins: ["https://pay.example"], exemptPaths: ["/hooks/"])
/// ```
public struct CrossSitePolicy: Sendable, Hashable {
    /// Whether anything is checked.
    public var isEnabled: Bool
    /// Origins whose requests are taken, as a browser writes them: `https://pay.example`, `http://localhost:3000`.
    public var trustedOrigins: [String]
    /// Paths that take requests from anywhere, without a token. One that ends in a slash stands for all below it.
    ///
    /// They are compared with the path as it was sent; below a slash, one with `%`, `\`, empty parts or dots for a part
    /// is never exempt. What is behind them must not go by the session.
    public var exemptPaths: [String]
    /// Which requests must carry the session's token.
    public var tokens: CrossSiteTokenRule
    /// Whether the origin is compared with `X-Forwarded-Host` where there is one, in place of `Host`.
    ///
    /// For a proxy that changes `Host` and always sets that field itself; with any other, leave it.
    public var trustsForwardedHost: Bool

    /// A policy; the defaults take nothing from elsewhere.
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

    /// Nothing is checked: for servers that go by no cookie, or check by themselves.
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
                    "The trusted origin \"\(text)\" is none; write scheme://host or scheme://host:port."
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
                    "The exempt path \"\(path)\" is none; it begins with a slash and has no query.")
            }
            guard path.utf8.count > 1 else {
                throw SessionError(
                    .invalidConfiguration, "The exempt path \"/\" would exempt all; use CrossSitePolicy.off for that.")
            }
        }
    }
}

/// Which unsafe requests must carry the token of their session, ``Session/csrfToken``.
///
/// Browsers since 2023 say by themselves where a request comes from. The token is for those that do not: old ones, and
/// programs.
public enum CrossSiteTokenRule: Hashable, Sendable {
    /// None.
    case never
    /// Those that do not say where they come from, once their session has been given a token. A program that never asks
    /// for a page with a token in it needs none.
    case onceIssued
    /// Those that do not say where they come from, programs among them.
    case withoutProof
    /// All, except from trusted origins and to exempt paths.
    case always
}
