// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a browser would refuse a cookie; thrown by ``SetCookie/validate()``.
///
/// The description says what to change. It never holds the cookie's value.
public struct SetCookieError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the cookie.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        package enum Value: Hashable, Sendable {
            case invalidName, controlCharacterInValue, invalidDomain, domainEndsInDot, domainIsTopLevel,
                pathWithoutSlash, expiresOutOfRange, sameSiteNoneNeedsSecure, partitionedNeedsSecure
            case tooLong(bytes: Int)
            case controlCharacter(attribute: String)
            case attributeTooLong(attribute: String, bytes: Int)
            case prefixNeedsSecure(prefix: String)
            case prefixNeedsHTTPOnly(prefix: String)
            case prefixNeedsRootPath(prefix: String)
            case prefixForbidsDomain(prefix: String)
        }

        package let value: Value

        /// The name is empty or not a token of RFC 6265, section 4.1.1.
        public static let invalidName = Kind(value: .invalidName)
        /// The value holds a control character of U+001A to U+001F: they are not escaped, and browsers refuse them.
        public static let controlCharacterInValue = Kind(value: .controlCharacterInValue)
        /// Name and value have this many bytes together; browsers keep no cookie of more than 4096.
        public static func tooLong(bytes: Int) -> Kind { Kind(value: .tooLong(bytes: bytes)) }
        /// The attribute of this name holds a control character.
        public static func controlCharacter(attribute: String) -> Kind {
            Kind(value: .controlCharacter(attribute: attribute))
        }
        /// The attribute of this name has this many bytes; browsers ignore it over 1024.
        public static func attributeTooLong(attribute: String, bytes: Int) -> Kind {
            Kind(value: .attributeTooLong(attribute: attribute, bytes: bytes))
        }
        /// A label of the domain is empty or has more than 63 bytes, or holds a character that no host name has; or the
        /// domain is a URL.
        public static let invalidDomain = Kind(value: .invalidDomain)
        /// The domain ends in a dot, and no browser takes it for the host.
        public static let domainEndsInDot = Kind(value: .domainEndsInDot)
        /// The domain is one word, such as `com`: a whole top-level domain.
        public static let domainIsTopLevel = Kind(value: .domainIsTopLevel)
        /// The path does not begin with a slash, so that browsers take the request's folder instead.
        public static let pathWithoutSlash = Kind(value: .pathWithoutSlash)
        /// `Expires` is outside the years 1 to 9999.
        public static let expiresOutOfRange = Kind(value: .expiresOutOfRange)
        /// The name's prefix (spelled as in RFC 6265bis) demands Secure.
        public static func prefixNeedsSecure(prefix: String) -> Kind { Kind(value: .prefixNeedsSecure(prefix: prefix)) }
        /// The name's prefix demands HttpOnly.
        public static func prefixNeedsHTTPOnly(prefix: String) -> Kind {
            Kind(value: .prefixNeedsHTTPOnly(prefix: prefix))
        }
        /// The name's prefix demands `Path=/`.
        public static func prefixNeedsRootPath(prefix: String) -> Kind {
            Kind(value: .prefixNeedsRootPath(prefix: prefix))
        }
        /// The name's prefix forbids a domain.
        public static func prefixForbidsDomain(prefix: String) -> Kind {
            Kind(value: .prefixForbidsDomain(prefix: prefix))
        }
        /// `SameSite=None` without Secure.
        public static let sameSiteNoneNeedsSecure = Kind(value: .sameSiteNoneNeedsSecure)
        /// Partitioned without Secure.
        public static let partitionedNeedsSecure = Kind(value: .partitionedNeedsSecure)

        /// The kind, and what belongs to it.
        public var description: String { "\(self.value)" }
    }

    /// The name of the cookie.
    public let cookieName: String
    /// What is wrong with it.
    public let kind: Kind

    init(_ cookieName: String, _ kind: Kind) {
        self.cookieName = cookieName
        self.kind = kind
    }

    /// A sentence for the developer who configured the cookie.
    public var description: String {
        "Cookie \(self.cookieName.debugDescription): \(self.advice)"
    }

    private var advice: String {
        switch self.kind.value {
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
