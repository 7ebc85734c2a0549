// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a token was rejected; it takes the place of itsdangerous' hierarchy of errors.
///
/// To an application, a visitor with a rejected token is simply a visitor without a session. The reason is for logs and
/// counters, and carries nothing of the token.
public struct TokenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the token.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// There is no "." and so no signature.
        case noSeparator = "no_separator"
        /// No key made this signature.
        case badSignature = "bad_signature"
        /// The signature is good, but it covers no time.
        case timestampMissing = "timestamp_missing"
        /// The signature is good, but the time is unreadable or past the year 9999.
        case timestampMalformed = "timestamp_malformed"
        /// The token is older than allowed.
        case expired
        /// The token's time lies in the future, by more than the clock skew that is allowed.
        case notYetValid = "not_yet_valid"
        /// The signature and the age are good, but the contents are unreadable.
        case badPayload = "bad_payload"
        /// This is not a sealed token: it is too short, or not in the one spelling of sealed tokens.
        case malformedToken = "malformed_token"
        /// The token is sealed in a version of the format that this library does not read.
        case unknownVersion = "unknown_version"
        /// None of the keys sealed the token; one that did may have been removed.
        case unknownKey = "unknown_key"
        /// The seal is broken: the token was altered, or was made for another cookie or another purpose.
        case badSeal = "bad_seal"
        /// The store has no such session: it has ended, or never existed.
        case unknownSession = "unknown_session"
        /// The session exists, but the secret is not its own: the session was renewed, or an attacker guesses.
        case wrongSecret = "wrong_secret"
        /// The session has ended, or was renewed, although its cookie has not expired: it is on the revocation list.
        case revoked
        /// The cookie holds no id that Flask-Session could have made.
        case malformedID = "malformed_id"
        /// The record is a Python pickle. This library reads none, because reading a pickle runs the code in it.
        case pickled
    }

    /// What is wrong with the token.
    public let reason: Reason
    /// When the token was signed, in seconds since 1970; nil when no good signature covers the time.
    public let signedAt: Int?

    package init(_ reason: Reason, signedAt: Int? = nil) {
        self.reason = reason
        self.signedAt = signedAt
    }

    /// The reason in words; nothing of the token.
    public var description: String { "the token was rejected: \(self.reason.rawValue)" }
}
