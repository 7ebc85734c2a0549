// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The session that something happened to, as far as it may be told.
struct SessionSubject: Sendable, Hashable {
    var id: SessionID?
    var user: String?
    var deviceLabel: String?

    /// A session of which nothing is known, or nothing may be said.
    static let unknown = SessionSubject()
}
