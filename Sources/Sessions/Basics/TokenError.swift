// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Why a token was not accepted; itsdangerous' ladder of errors in one type.
///
/// To an application a rejected token is simply a visitor without a session. The reason is for logs and counters, and
/// it carries nothing of the token.
public struct TokenError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the token.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// There is no "." and so no signature.
        case noSeparator = "no_separator"
        /// No key made this signature.
        case badSignature = "bad_signature"
        /// The signature is good, and no time was signed.
        case timestampMissing = "timestamp_missing"
        /// The signature is good, and the time is unreadable or past the year 9999.
        case timestampMalformed = "timestamp_malformed"
        /// The token is older than allowed.
        case expired
        /// The token was signed in the future, by more than the clock skew that is allowed.
        case notYetValid = "not_yet_valid"
        /// The signature and the age are good, and the contents are unreadable.
        case badPayload = "bad_payload"
        /// This is no sealed token: it is too short, or spelled as none is.
        case malformedToken = "malformed_token"
        /// The token is sealed in a version of the format that nothing here reads.
        case unknownVersion = "unknown_version"
        /// The token was sealed with a key that is not among the keys, perhaps no longer.
        case unknownKey = "unknown_key"
        /// The seal is broken: the token was altered, or is another cookie's or another purpose's.
        case badSeal = "bad_seal"
        /// The store has no such session: it has ended, or never was.
        case unknownSession = "unknown_session"
        /// The session exists, and this is not its secret: it has been renewed, or an attacker guesses.
        case wrongSecret = "wrong_secret"
        /// The session has ended, or was renewed, although its cookie is good: it is on the list of revocations.
        case revoked
        /// The cookie holds no id that Flask-Session could have made.
        case malformedID = "malformed_id"
        /// The record is a Python pickle, which nothing here reads: reading one runs what it says.
        case pickled
    }

    /// What is wrong with the token.
    public let reason: Reason
    /// When it was signed, in seconds since 1970, where that is known to be true.
    public let signedAt: Int?

    init(_ reason: Reason, signedAt: Int? = nil) {
        self.reason = reason
        self.signedAt = signedAt
    }

    /// The reason in words; nothing of the token.
    public var description: String { "the token was rejected: \(self.reason.rawValue)" }
}
