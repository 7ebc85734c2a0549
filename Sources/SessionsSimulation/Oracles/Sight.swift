// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// What a handler sees of its session.
struct Sight: Sendable {
    /// What requests have added to a session.
    struct Updates: Equatable {
        var counters: [String: Int] = [:]
        var entries: Set<String> = []
    }

    let tag: Int?
    let user: String?
    let keys: Set<String>
    let counters: [String: Int]
    let id: String?
    /// In milliseconds since 1970.
    let expiresAt: Int?

    var updates: Updates {
        Updates(counters: self.counters, entries: self.keys.filter { $0.utf8.first == UInt8(ascii: "s") })
    }

    init(_ session: Session) {
        var counters: [String: Int] = [:]
        var keys: Set<String> = []
        var tag: Int?
        for (key, value) in session.entries {
            keys.insert(key)
            guard case .int(let number) = value else { continue }
            if key == "tag" { tag = number } else if key.utf8.first == UInt8(ascii: "c") { counters[key] = number }
        }
        self.tag = tag
        self.user = session.user
        self.keys = keys
        self.counters = counters
        self.id = session.id?.description
        self.expiresAt = session.expiresAt?.milliseconds
    }
}
