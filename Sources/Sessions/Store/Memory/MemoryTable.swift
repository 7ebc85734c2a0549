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
    private var users = MemoryUsers()

    /// The next session to evict; nil when there is none.
    func victim(at now: Date) -> Victim? { self.firstToGo(at: now)?.victim }

    /// Gives the record, and notes that its cookie has come back.
    mutating func read(_ id: SessionID, at now: Date) -> SessionRecord? {
        guard let entry = self.entries[id.words], now < entry.end else { return nil }
        self.use(entry)
        return entry.record
    }

    /// - Returns: Whether the record was inserted, and by how many the table has grown.
    mutating func insert(_ record: SessionRecord, at now: Date) -> (done: Bool, growth: Int) {
        let key = record.id.words
        let present = self.entries[key]
        if let present {
            guard now >= present.end else { return (false, 0) }
            self.take(present)
        }
        let entry = MemoryEntry.entry(record, isUsed: false)
        self.entries[key] = entry
        self.queues[entry.rank.rawValue].insert(entry)
        if let user = entry.user { self.users.insert(key, of: user) }
        return (true, present == nil ? 1 : 0)
    }

    mutating func replace(_ version: Int, by record: SessionRecord, at now: Date) -> Bool {
        let key = record.id.words
        guard let old = self.entries[key], now < old.end, old.header.version == version else { return false }
        let new = MemoryEntry.entry(record, isUsed: true)
        self.entries[key] = new
        if new.rank == old.rank {
            self.queues[new.rank.rawValue].replace(old, by: new)
        } else {
            self.queues[old.rank.rawValue].remove(old)
            self.queues[new.rank.rawValue].insert(new)
        }
        let (oldUser, user) = (old.user, new.user)
        guard oldUser != user else { return true }
        if let oldUser { self.users.remove(key, of: oldUser) }
        if let user { self.users.insert(key, of: user) }
        return true
    }

    /// - Returns: Whether no record is left under the id, and by how many the table has shrunk.
    mutating func remove(_ id: SessionID, ifVersion version: Int?) -> (done: Bool, shrinkage: Int) {
        guard let entry = self.entries[id.words] else { return (true, 0) }
        if let version, entry.header.version != version { return (false, 0) }
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

    /// Notes that the cookie of an entry's session has come back.
    private mutating func use(_ entry: MemoryEntry) {
        guard !entry.header.isUsed else { return }
        let rank = entry.rank
        entry.header.isUsed = true
        guard entry.rank != rank else { return }
        self.queues[rank.rawValue].remove(entry)
        self.queues[entry.rank.rawValue].insert(entry)
    }

    func ids(ofUser user: String, limit: Int = .max, at now: Date) -> [SessionID] {
        let user = Array(user.utf8)
        var ids: [SessionID] = []
        for key in self.users.candidates(user) {
            guard ids.count < limit else { break }
            if let entry = self.entries[key], now < entry.end, entry.user == user { ids.append(SessionID(key)) }
        }
        return ids
    }

    /// The keys of all entries after one, expired ones too, in no order.
    func keys(after last: TwoWords?) -> [TwoWords] {
        guard let last else { return Array(self.entries.keys) }
        return self.entries.keys.filter { last < $0 }
    }

    /// Gives the record, and does not count as a use.
    func peek(_ key: TwoWords, at now: Date) -> SessionRecord? {
        self.entries[key].flatMap { now < $0.end ? $0.record : nil }
    }

    private mutating func take(_ entry: MemoryEntry) {
        let key = entry.header.key
        self.entries[key] = nil
        self.queues[entry.rank.rawValue].remove(entry)
        if let user = entry.user { self.users.remove(key, of: user) }
    }
}

/// A part of a ``MemoryStore`` with a lock of its own.
final class MemoryShard: Sendable {
    let table = Mutex(MemoryTable())
}
