// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a token carries.
struct TokenContents: Sendable {
    var values: SessionDictionary
    /// When the session began, in seconds since 1970; nil where the format does not say (Flask's).
    var createdAt: Int?
    /// When this token was signed or sealed, in seconds since 1970.
    var signedAt: Int
    /// Whether the token had a format that is read and no longer written.
    var isInOldFormat = false
}
