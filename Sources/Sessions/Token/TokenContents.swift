// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a token carries.
struct TokenContents: Sendable {
    var values: SessionDictionary
    /// When the session began, in seconds since 1970; nil where the format does not say (Flask's).
    var createdAt: Int?
    /// When this token was signed or sealed, in seconds since 1970.
    var signedAt: Int
    /// The end that this token was given, in seconds since 1970; nil where the format does not say.
    var expiresAt: Int?
    /// Names the session; nil where the format has no ids.
    var id: SessionID?
    /// The millisecond since 1970 in which the id was made, or the one that it took over from when the session of the
    /// same user was renewed: ending all sessions of a user ends those from before.
    var idMadeAt: Int?
    /// Whether the token had a format that is read and no longer written.
    var isInOldFormat = false
}
