// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// What a handler sees of its session.
struct Sight: Sendable {
    let tag: Int?
    let user: String?
    let keys: Set<String>
    let counters: [String: Int]
    let id: String?
    /// In milliseconds since 1970.
    let expiresAt: Int?

    init(_ session: Session) {
        var counters: [String: Int] = [:]
        for (key, value) in session.entries where key.hasPrefix("c") {
            if case .int(let number) = value { counters[key] = number }
        }
        if case .int(let number)? = session["tag"] { self.tag = number } else { self.tag = nil }
        self.user = session.user
        self.keys = Set(session.keys)
        self.counters = counters
        self.id = session.id?.description
        self.expiresAt = session.expiresAt?.milliseconds
    }
}
