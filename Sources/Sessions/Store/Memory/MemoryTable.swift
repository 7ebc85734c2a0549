// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The sessions of one shard, with their order of expiry and the index of their users.
struct MemoryTable {
    /// A candidate for eviction. Expired sessions go first, then those of the lowest rank; among equals, the one that
    /// expires first.
    struct Victim {
        let isOver: Bool
        let rank: MemoryRank
        let end: Date

        func goes(before other: Victim) -> Bool {
            if self.isOver != other.isOver { return self.isOver }
            if !self.isOver, self.rank != other.rank { return self.rank.rawValue < other.rank.rawValue }
            return self.end < other.end
        }
    }

    private var entries: [TwoWords: MemoryEntry] = [:]
    /// One for each rank.
    private var queues = MemoryRank.allCases.map { _ in ExpiryQueue() }
    /// The keys of a user's sessions, under the bytes of the user's name.
    private var users: [[UInt8]: Set<TwoWords>] = [:]

    /// The next session to evict; nil when there is none.
    func victim(at now: Date) -> Victim? { self.firstToGo(at: now)?.victim }

    /// Gives the record, and notes that its cookie has come back.
    mutating func read(_ id: SessionID, at now: Date) -> SessionRecord? {
        guard let entry = self.entries[TwoWords(id.bytes)], now < entry.end else { return nil }
        self.change(entry) { $0.use() }
        return entry.record
    }

    /// - Returns: Whether the record was inserted, and by how many the table has grown.
    mutating func insert(_ record: SessionRecord, at now: Date) -> (done: Bool, growth: Int) {
        let key = TwoWords(record.id.bytes)
        let present = self.entries[key]
        if let present {
            guard now >= present.end else { return (false, 0) }
            self.take(present)
        }
        let entry = MemoryEntry(record)
        self.entries[key] = entry
        self.queues[entry.rank.rawValue].insert(entry)
        self.index(record)
        return (true, present == nil ? 1 : 0)
    }

    mutating func replace(_ version: Int, by record: SessionRecord, at now: Date) -> Bool {
        guard let entry = self.entries[TwoWords(record.id.bytes)], now < entry.end, entry.record.version == version
        else {
            return false
        }
        let sameUser = Self.isSame(entry.record.user, record.user)
        if !sameUser { self.unindex(entry.record) }
        self.change(entry) { $0.replace(record) }
        if !sameUser { self.index(record) }
        return true
    }

    /// - Returns: Whether no record is left under the id, and by how many the table has shrunk.
    mutating func remove(_ id: SessionID, ifVersion version: Int?) -> (done: Bool, shrinkage: Int) {
        guard let entry = self.entries[TwoWords(id.bytes)] else { return (true, 0) }
        if let version, entry.record.version != version { return (false, 0) }
        self.take(entry)
        return (true, 1)
    }

    /// Removes expired sessions, in the order of their ends.
    mutating func removeExpired(at now: Date, limit: Int) -> Int {
        var removed = 0
        while removed < limit, let (entry, victim) = self.firstToGo(at: now), victim.isOver {
            self.take(entry)
            removed += 1
        }
        return removed
    }

    /// Removes the next session to evict; false when there is none.
    mutating func removeFirst(at now: Date) -> Bool {
        guard let first = self.firstToGo(at: now)?.entry else { return false }
        self.take(first)
        return true
    }

    private func firstToGo(at now: Date) -> (entry: MemoryEntry, victim: Victim)? {
        var found: (entry: MemoryEntry, victim: Victim)?
        for (rank, queue) in zip(MemoryRank.allCases, self.queues) {
            guard let entry = queue.first else { continue }
            let victim = Victim(isOver: now >= entry.end, rank: rank, end: entry.end)
            if let found, found.victim.goes(before: victim) { continue }
            found = (entry, victim)
        }
        return found
    }

    /// Changes an entry, and moves it to its new place in the queues.
    private mutating func change(_ entry: MemoryEntry, _ body: (MemoryEntry) -> Void) {
        let (rank, end) = (entry.rank, entry.end)
        body(entry)
        if entry.rank == rank {
            if entry.end != end { self.queues[rank.rawValue].update(entry) }
        } else {
            self.queues[rank.rawValue].remove(entry)
            self.queues[entry.rank.rawValue].insert(entry)
        }
    }

    func ids(ofUser user: String, at now: Date) -> [SessionID] {
        guard let keys = self.users[Array(user.utf8)] else { return [] }
        return keys.compactMap { key in
            guard let entry = self.entries[key], now < entry.end else { return nil }
            return entry.record.id
        }
    }

    private mutating func take(_ entry: MemoryEntry) {
        self.entries[TwoWords(entry.record.id.bytes)] = nil
        self.queues[entry.rank.rawValue].remove(entry)
        self.unindex(entry.record)
    }

    // MARK: - Users

    private mutating func index(_ record: SessionRecord) {
        guard let user = record.user else { return }
        self.users[Array(user.utf8), default: []].insert(TwoWords(record.id.bytes))
    }

    private mutating func unindex(_ record: SessionRecord) {
        guard let user = record.user.map({ Array($0.utf8) }) else { return }
        self.users[user]?.remove(TwoWords(record.id.bytes))
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

/// A part of a ``MemoryStore`` with a lock of its own.
final class MemoryShard: Sendable {
    let table = Mutex(MemoryTable())
}
