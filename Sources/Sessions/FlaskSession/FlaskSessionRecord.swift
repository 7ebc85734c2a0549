// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A session as it was found in the engine that a Flask application shares.
struct FlaskSessionRecord: Sendable {
    let id: FlaskSessionID
    let values: SessionDictionary
    /// The bytes of each value, by key. What this side does not change is written back as it was, so that it survives
    /// even where Swift has no such value (a dictionary whose keys are numbers).
    let pieces: [[UInt8]: ArraySlice<UInt8>]
    /// How many bytes the record takes.
    var size = 0
    /// Whether the id was signed with another key than the one that signs now.
    var hasOtherKey = false
}
