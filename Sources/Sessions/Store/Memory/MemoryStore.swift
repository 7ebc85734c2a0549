// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Sessions in this process's memory: the quickest store, for one process, and gone with it.
///
/// ```swift
/// let store = MemoryStore(maximumCount: 100_000)
/// let sessions = try SessionManager(keys: SecretKeys(key), configuration: .stored(in: store))
/// ```
///
/// A session takes about 480 bytes and its contents (x86-64, Linux). Sessions that have ended are absent at once and
/// keep their memory until ``removeExpired(at:limit:)``; purging costs what it removes, and reading costs nothing for
/// it.
///
/// The sessions are spread over 64 shards, each with its own lock, so that requests of different visitors seldom meet.
public final class MemoryStore: SessionStore {
    /// The most sessions that are kept; nil for no limit.
    ///
    /// A new session beyond it evicts another: one that has ended, or else one in which no user is signed in and whose
    /// cookie never came back, or else one in which no user is signed in, or else any; of these the session that would
    /// end first. So clients that keep no cookie, of which each request begins a session, evict each other, and sign no
    /// visitor out while there is room for the signed-in and one more. (While many begin at the same moment, it may be
    /// a session that would have ended a little later.)
    public let maximumCount: Int?

    private let shards: [MemoryShard]
    private let held = Atomic(0)

    /// An empty store.
    ///
    /// - Parameter maximumCount: The most sessions to keep, at least 1; nil for no limit.
    public init(maximumCount: Int? = nil) {
        self.maximumCount = maximumCount.map { max($0, 1) }
        self.shards = (0..<64).map { _ in MemoryShard() }
    }

    /// How many sessions are held, with those that have ended and were not purged yet.
    public var count: Int { self.held.load(ordering: .relaxed) }

    /// One look under the lock of a shard.
    public func read(_ id: SessionID, at now: Date) -> SessionRecord? {
        self.shard(of: id).table.withLock { $0.read(id, at: now) }
    }

    /// Compares and sets under the lock of a shard. A new record may evict another: ``maximumCount``.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool {
        guard let version else { return self.insert(record, at: now) }
        return self.shard(of: record.id).table.withLock { $0.replace(version, by: record, at: now) }
    }

    /// Removes under the lock of a shard.
    public func remove(_ id: SessionID, ifVersion version: Int?) -> Bool {
        let (done, shrinkage) = self.shard(of: id).table.withLock { $0.remove(id, ifVersion: version) }
        self.held.subtract(shrinkage, ordering: .relaxed)
        return done
    }

    /// Takes the expired from the front of each shard's queues, and looks at no live one.
    public func removeExpired(at now: Date, limit: Int) -> Int {
        var removed = 0
        for shard in self.shards where removed < limit {
            removed += shard.table.withLock { $0.removeExpired(at: now, limit: limit - removed) }
        }
        self.held.subtract(removed, ordering: .relaxed)
        return removed
    }

    /// Asks every shard, for a user's ids are spread over all.
    public func ids(ofUser user: String, at now: Date) -> [SessionID] {
        self.shards.flatMap { $0.table.withLock { $0.ids(ofUser: user, at: now) } }
    }

    /// Ids are random, so any byte of one spreads them evenly.
    private func shard(of id: SessionID) -> MemoryShard {
        self.shards[Int(id.bytes[0]) % self.shards.count]
    }

    private func insert(_ record: SessionRecord, at now: Date) -> Bool {
        self.held.add(1, ordering: .relaxed)
        while self.claimEviction() {
            guard self.evict(at: now) else {
                self.held.add(1, ordering: .relaxed)
                break
            }
        }
        let (done, growth) = self.shard(of: record.id).table.withLock { $0.insert(record, at: now) }
        self.held.subtract(1 - growth, ordering: .relaxed)
        return done
    }

    /// Takes one off the count if it is over the maximum; the caller that did evicts a session.
    private func claimEviction() -> Bool {
        guard let maximumCount = self.maximumCount else { return false }
        var held = self.count
        while held > maximumCount {
            let (exchanged, original) = self.held.compareExchange(
                expected: held, desired: held - 1, ordering: .relaxed)
            if exchanged { return true }
            held = original
        }
        return false
    }

    /// Removes the session that is worth least; false when there is none.
    private func evict(at now: Date) -> Bool {
        var first: (shard: MemoryShard, victim: MemoryTable.Victim)?
        for shard in self.shards {
            guard let victim = shard.table.withLock({ $0.victim(at: now) }) else { continue }
            if first.map({ victim.goes(before: $0.victim) }) ?? true { first = (shard, victim) }
        }
        return first?.shard.table.withLock { $0.removeFirst(at: now) } ?? false
    }
}
