// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a browser would refuse a cookie; thrown by ``SetCookie/validate()``.
///
/// The description says what to change. It never holds the cookie's value.
public struct SetCookieError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the cookie.
    public enum Problem: Hashable, Sendable {
        /// The name is empty or not a token of RFC 6265, section 4.1.1.
        case invalidName
        /// The value holds one of the control characters U+001A to U+001F, which are not escaped, and which browsers
        /// refuse.
        case controlCharacterInValue
        /// Name and value have this many bytes together; browsers keep no cookie of more than 4096.
        case tooLong(bytes: Int)
        /// The attribute of this name holds a control character.
        case controlCharacter(attribute: String)
        /// The attribute of this name has this many bytes; browsers ignore it over 1024.
        case attributeTooLong(attribute: String, bytes: Int)
        /// A label of the domain is empty or has more than 63 bytes, or holds a character that no host name has; or the
        /// domain is a URL.
        case invalidDomain
        /// The domain ends in a dot, and no browser takes it for the host.
        case domainEndsInDot
        /// The domain is one word, such as `com`: a whole top-level domain.
        case domainIsTopLevel
        /// The path does not begin with a slash, so that browsers take the request's folder instead.
        case pathWithoutSlash
        /// `Expires` is outside the years 1 to 9999.
        case expiresOutOfRange
        /// The name's prefix (spelled as in RFC 6265bis) demands Secure.
        case prefixNeedsSecure(prefix: String)
        /// The name's prefix demands HttpOnly.
        case prefixNeedsHTTPOnly(prefix: String)
        /// The name's prefix demands `Path=/`.
        case prefixNeedsRootPath(prefix: String)
        /// The name's prefix forbids a domain.
        case prefixForbidsDomain(prefix: String)
        /// `SameSite=None` without Secure.
        case sameSiteNoneNeedsSecure
        /// Partitioned without Secure.
        case partitionedNeedsSecure
    }

    /// The name of the cookie.
    public let cookieName: String
    /// What is wrong with it.
    public let problem: Problem

    init(_ cookieName: String, _ problem: Problem) {
        self.cookieName = cookieName
        self.problem = problem
    }

    /// A sentence for the developer who configured the cookie.
    public var description: String {
        "Cookie \(self.cookieName.debugDescription): \(self.advice)"
    }

    private var advice: String {
        switch self.problem {
        case .invalidName:
            "the name must be one or more ASCII letters, digits or !#$%&'*+-.^_`|~; choose another name."
        case .controlCharacterInValue:
            "the value holds a control character that browsers refuse; encode it, for example as base64url."
        case .tooLong(let bytes):
            "name and value have \(bytes) bytes and browsers keep no cookie over 4096; shorten it."
        case .controlCharacter(let attribute):
            "\(attribute) holds a control character; remove it."
        case .attributeTooLong(let attribute, let bytes):
            "\(attribute) has \(bytes) bytes and browsers ignore it over 1024; shorten it."
        case .invalidDomain:
            "the domain is not a host name of letters, digits, hyphens and dots with 1 to 63 bytes between two dots; "
                + "write it as in example.com, without a scheme or a path, or leave it out for this host alone."
        case .domainEndsInDot:
            "the domain ends in a dot, and browsers then ignore the cookie; take the dot off."
        case .domainIsTopLevel:
            "the domain is a single word, for which browsers take no cookie; write the site's domain, such as "
                + "example.com, or leave it out for this host alone."
        case .pathWithoutSlash:
            "the path does not begin with a slash, and browsers would take another; write \"/\" or \"/app\"."
        case .expiresOutOfRange:
            "the expiry is outside the years 1 to 9999; set an earlier one, or none."
        case .prefixNeedsSecure(let prefix):
            "names that start with \(prefix) need Secure; switch it on, or take the prefix off the name."
        case .prefixNeedsHTTPOnly(let prefix):
            "names that start with \(prefix) need HttpOnly; switch it on, or take the prefix off the name."
        case .prefixNeedsRootPath(let prefix):
            "names that start with \(prefix) need the path \"/\"; set it, or take the prefix off the name."
        case .prefixForbidsDomain(let prefix):
            "names that start with \(prefix) must have no domain; leave it out, or use the prefix __Secure- instead."
        case .sameSiteNoneNeedsSecure:
            "SameSite=None needs Secure; switch it on, or use SameSite=Lax."
        case .partitionedNeedsSecure:
            "Partitioned needs Secure; switch it on."
        }
    }
}
