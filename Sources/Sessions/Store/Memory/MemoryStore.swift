// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Sessions in this process's memory: the fastest store, for one process only. Its sessions end with the process.
///
/// ```swift
/// let store = MemoryStore(maximumCount: 100_000)
/// let sessions = try SessionManager(keys: SecretKeys(key), configuration: .stored(in: store))
/// ```
///
/// A session takes about 290 bytes and its contents (x86-64, Linux). An expired session is absent at once, but keeps
/// its memory until ``removeExpired(at:limit:)``. Purging takes time only for the sessions that it removes, and reads
/// take none for it.
///
/// The sessions are spread over 64 shards, each with its own lock, so that requests of different visitors seldom
/// contend.
public final class MemoryStore: SessionStore, InstantStore {
    /// The most sessions that are kept; nil for no limit.
    ///
    /// A new session over the limit evicts another one. The order is: an expired session; a session without a signed-in
    /// user whose cookie never came back; any other session without a signed-in user; any session. Among equals, the
    /// one that would expire first goes first. So clients that keep no cookies, and begin a session with each request,
    /// evict each other: they sign no visitor out while there is room for the signed-in sessions and one more. (When
    /// many sessions begin at the same moment, the evicted one may be one that would have expired a little later.)
    public let maximumCount: Int?

    let shards: [MemoryShard]
    private let held = Atomic(0)

    /// An empty store.
    ///
    /// - Parameter maximumCount: The most sessions to keep, at least 1; nil for no limit.
    public init(maximumCount: Int? = nil) {
        self.maximumCount = maximumCount.map { max($0, 1) }
        self.shards = (0..<64).map { _ in MemoryShard() }
    }

    /// How many sessions are held, including those that have expired and were not purged yet.
    public var count: Int { self.held.load(ordering: .relaxed) }

    /// One lookup under the lock of a shard.
    public func read(_ id: SessionID, at now: Date) -> SessionRecord? {
        self.shard(of: id).table.withLock { $0.read(id, at: now) }
    }

    /// Compares and sets under the lock of a shard. A new record may evict another one: ``maximumCount``.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool {
        guard let version else { return self.insert(record, at: now) }
        return self.shard(of: record.id).table.withLock { $0.replace(version, by: record, at: now) }
    }

    /// Removes the record under the lock of a shard.
    public func remove(_ id: SessionID, ifVersion version: Int?) -> Bool {
        let (done, shrinkage) = self.shard(of: id).table.withLock { $0.remove(id, ifVersion: version) }
        self.held.subtract(shrinkage, ordering: .relaxed)
        return done
    }

    /// Removes expired sessions from the front of each shard's queues, and looks at no live one.
    public func removeExpired(at now: Date, limit: Int) -> Int {
        var removed = 0
        var due = self.shards
        while removed < limit, !due.isEmpty {
            due = due.filter { shard in
                // A few at a time: the requests of the same shard pass in between.
                let step = min(limit - removed, 16)
                let count = shard.table.withLock { $0.removeExpired(at: now, limit: step) }
                removed += count
                return count == step
            }
        }
        self.held.subtract(removed, ordering: .relaxed)
        return removed
    }

    /// Asks every shard, because a user's ids are spread over all of them.
    public func ids(ofUser user: String, at now: Date) -> [SessionID] {
        self.shards.flatMap { $0.table.withLock { $0.ids(ofUser: user, at: now) } }
    }

    /// Asks one shard after the other until there are enough.
    public func ids(ofUser user: String, limit: Int, at now: Date) -> [SessionID] {
        var ids: [SessionID] = []
        for shard in self.shards where ids.count < max(limit, 1) {
            let more = max(limit, 1) - ids.count
            ids += shard.table.withLock { $0.ids(ofUser: user, limit: more, at: now) }
        }
        return ids
    }

    private func shard(of id: SessionID) -> MemoryShard { self.shards[self.index(of: id.words)] }

    /// Ids are random, so any byte of one spreads them evenly.
    func index(of key: TwoWords) -> Int { Int(key.high >> 56) % self.shards.count }

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

    /// Reduces the count by one if it is over the maximum; the caller that gets true must evict a session.
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

    /// Removes the first session in the order of eviction; false when there is none.
    private func evict(at now: Date) -> Bool {
        var first: (shard: MemoryShard, victim: MemoryTable.Victim)?
        for shard in self.shards {
            guard let victim = shard.table.withLock({ $0.victim(at: now) }) else { continue }
            if first.map({ victim.goes(before: $0.victim) }) ?? true { first = (shard, victim) }
        }
        return first?.shard.table.withLock { $0.removeFirst(at: now) } ?? false
    }
}

/// A store that may evict live records to make room for new ones; not if it has no maximum.
package protocol EvictingStore {
    var maximumCount: Int? { get }
}

extension MemoryStore: EvictingStore {}
