// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a token was rejected; it takes the place of itsdangerous' hierarchy of errors.
///
/// To an application, a visitor with a rejected token is simply a visitor without a session. The reason is for logs and
/// counters, and carries nothing of the token.
public struct TokenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the token.
    ///
    /// Later versions may add kinds, so that a `switch` over them needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        enum Value: String, Hashable, Sendable, CaseIterable {
            case noSeparator = "no_separator"
            case badSignature = "bad_signature"
            case timestampMissing = "timestamp_missing"
            case timestampMalformed = "timestamp_malformed"
            case expired
            case notYetValid = "not_yet_valid"
            case badPayload = "bad_payload"
            case malformedToken = "malformed_token"
            case unknownVersion = "unknown_version"
            case unknownKey = "unknown_key"
            case badSeal = "bad_seal"
            case unknownSession = "unknown_session"
            case wrongSecret = "wrong_secret"
            case revoked
            case malformedID = "malformed_id"
            case pickled
        }

        let value: Value

        /// There is no "." and so no signature.
        public static let noSeparator = Kind(value: .noSeparator)
        /// No key made this signature.
        public static let badSignature = Kind(value: .badSignature)
        /// The signature is good, but it covers no time.
        public static let timestampMissing = Kind(value: .timestampMissing)
        /// The signature is good, but the time is unreadable or past the year 9999.
        public static let timestampMalformed = Kind(value: .timestampMalformed)
        /// The token is older than allowed.
        public static let expired = Kind(value: .expired)
        /// The token's time lies in the future, by more than the clock skew that is allowed.
        public static let notYetValid = Kind(value: .notYetValid)
        /// The signature and the age are good, but the contents are unreadable.
        public static let badPayload = Kind(value: .badPayload)
        /// This is not a sealed token: it is too short, or not in the one spelling of sealed tokens.
        public static let malformedToken = Kind(value: .malformedToken)
        /// The token is sealed in a version of the format that this library does not read.
        public static let unknownVersion = Kind(value: .unknownVersion)
        /// None of the keys sealed the token; one that did may have been removed.
        public static let unknownKey = Kind(value: .unknownKey)
        /// The seal is broken: the token was altered, or was made for another cookie or another purpose.
        public static let badSeal = Kind(value: .badSeal)
        /// The store has no such session: it has ended, or never existed.
        public static let unknownSession = Kind(value: .unknownSession)
        /// The session exists, but the secret is not its own: the session was renewed, or an attacker guesses.
        public static let wrongSecret = Kind(value: .wrongSecret)
        /// The session has ended, or was renewed, although its cookie has not expired: it is on the revocation list.
        public static let revoked = Kind(value: .revoked)
        /// The cookie holds no id that Flask-Session could have made.
        public static let malformedID = Kind(value: .malformedID)
        /// The record is a Python pickle. This library reads none, because reading a pickle runs the code in it.
        public static let pickled = Kind(value: .pickled)

        /// Every kind, for counters that are there from the start.
        static let all = Value.allCases.map(Kind.init(value:))

        /// The kind's name, for logs and counters: `no_separator` and the like.
        public var name: String { self.value.rawValue }

        /// The same as ``name``.
        public var description: String { self.name }
    }

    /// What is wrong with the token.
    public let kind: Kind
    /// When the token was signed, in seconds since 1970; nil when no good signature covers the time.
    public let signedAt: Int?

    package init(_ kind: Kind, signedAt: Int? = nil) {
        self.kind = kind
        self.signedAt = signedAt
    }

    /// The reason in words; nothing of the token.
    public var description: String { "the token was rejected: \(self.kind.name)" }
}
