// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The sessions of one shard, with their order of expiry and the index of their users.
struct MemoryTable {
    private var entries: [MemoryKey: MemoryEntry] = [:]
    private var queue = ExpiryQueue()
    /// The keys of a user's sessions, under the bytes of the user's name.
    private var users: [[UInt8]: Set<MemoryKey>] = [:]

    /// When the first session of all ends; nil when there is none.
    var firstEnd: Date? { self.queue.first?.end }

    func read(_ id: SessionID, at now: Date) -> SessionRecord? {
        guard let entry = self.entries[MemoryKey(id)], now < entry.end else { return nil }
        return entry.record
    }

    /// - Returns: Whether the record was put in, and by how many the table has grown.
    mutating func insert(_ record: SessionRecord, at now: Date) -> (done: Bool, growth: Int) {
        let key = MemoryKey(record.id)
        let present = self.entries[key]
        if let present {
            guard now >= present.end else { return (false, 0) }
            self.take(present)
        }
        let entry = MemoryEntry(record)
        self.entries[key] = entry
        self.queue.insert(entry)
        self.index(record)
        return (true, present == nil ? 1 : 0)
    }

    mutating func replace(_ version: Int, by record: SessionRecord, at now: Date) -> Bool {
        guard let entry = self.entries[MemoryKey(record.id)], now < entry.end, entry.record.version == version else {
            return false
        }
        let sameUser = Self.isSame(entry.record.user, record.user)
        if !sameUser { self.unindex(entry.record) }
        entry.replace(record)
        self.queue.update(entry)
        if !sameUser { self.index(record) }
        return true
    }

    /// - Returns: Whether nothing is left under the id, and by how many the table has shrunk.
    mutating func remove(_ id: SessionID, ifVersion version: Int?) -> (done: Bool, shrinkage: Int) {
        guard let entry = self.entries[MemoryKey(id)] else { return (true, 0) }
        if let version, entry.record.version != version { return (false, 0) }
        self.take(entry)
        return (true, 1)
    }

    /// Removes sessions that have ended, the first to end first.
    mutating func removeExpired(at now: Date, limit: Int) -> Int {
        var removed = 0
        while removed < limit, let first = self.queue.first, now >= first.end {
            self.take(first)
            removed += 1
        }
        return removed
    }

    /// Removes the session that ends first; false when there is none.
    mutating func removeFirst() -> Bool {
        guard let first = self.queue.first else { return false }
        self.take(first)
        return true
    }

    func ids(ofUser user: String, at now: Date) -> [SessionID] {
        guard let keys = self.users[Array(user.utf8)] else { return [] }
        return keys.compactMap { key in
            guard let entry = self.entries[key], now < entry.end else { return nil }
            return entry.record.id
        }
    }

    private mutating func take(_ entry: MemoryEntry) {
        self.entries[MemoryKey(entry.record.id)] = nil
        self.queue.remove(entry)
        self.unindex(entry.record)
    }

    // MARK: - Users

    private mutating func index(_ record: SessionRecord) {
        guard let user = record.user else { return }
        self.users[Array(user.utf8), default: []].insert(MemoryKey(record.id))
    }

    private mutating func unindex(_ record: SessionRecord) {
        guard let user = record.user.map({ Array($0.utf8) }) else { return }
        self.users[user]?.remove(MemoryKey(record.id))
        if self.users[user]?.isEmpty == true { self.users[user] = nil }
    }

    private static func isSame(_ left: String?, _ right: String?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): left.utf8.elementsEqual(right.utf8)
        default: false
        }
    }
}
