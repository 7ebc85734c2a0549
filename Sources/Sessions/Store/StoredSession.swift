// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The record that a request's cookie opened, and how.
struct StoredSession: Sendable {
    let record: SessionRecord
    /// The secret that the cookie carried.
    let secret: SessionSecret
    /// False for the secret before a renewal, in its grace.
    let hasCurrentSecret: Bool
    /// What the record held.
    let values: SessionDictionary
    /// Whether the cookie was signed with another key than the one that signs now.
    var hasOtherKey = false

    var wasPermanent: Bool { self.values.isPermanent }

    /// The limits that the record has.
    var lifetime: SessionLifetime {
        let begin = self.record.createdAt.milliseconds
        return SessionLifetime(
            idle: self.record.idleTimeout,
            absolute: self.record.absoluteEnd.map { .milliseconds($0.milliseconds - begin) })
    }
}
