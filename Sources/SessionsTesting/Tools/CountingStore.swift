// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Sessions
import Synchronization

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A store that passes its calls on to another one and counts them.
package final class CountingStore: SessionStore {
    private let base: any SessionStore
    private let reads = Atomic(0)
    private let writes = Atomic(0)
    private let lists = Atomic(0)
    private let calls = Atomic(0)

    /// Counts the calls to a store.
    package init(_ base: any SessionStore) {
        self.base = base
    }

    /// How many reads there were.
    package var readCount: Int { self.reads.load(ordering: .relaxed) }

    /// How many writes succeeded.
    package var writeCount: Int { self.writes.load(ordering: .relaxed) }

    /// How often ids of a user were asked for.
    package var listCount: Int { self.lists.load(ordering: .relaxed) }

    /// How many calls there were of any kind.
    package var callCount: Int { self.calls.load(ordering: .relaxed) }

    /// The record under an id, or nil when there is none or it has expired.
    package func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        self.calls.add(1, ordering: .relaxed)
        self.reads.add(1, ordering: .relaxed)
        return try await self.base.read(id, at: now)
    }

    /// Compare-and-set: stores a record if the store has this version of it (nil: no record); false if not.
    package func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        self.calls.add(1, ordering: .relaxed)
        let isDone = try await self.base.write(record, replacing: version, at: now)
        if isDone { self.writes.add(1, ordering: .relaxed) }
        return isDone
    }

    /// Removes a record if it has this version; false when it has another.
    package func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        self.calls.add(1, ordering: .relaxed)
        return try await self.base.remove(id, ifVersion: version)
    }

    /// Removes expired records, at most `limit`, and returns how many.
    package func removeExpired(at now: Date, limit: Int) async throws -> Int {
        self.calls.add(1, ordering: .relaxed)
        return try await self.base.removeExpired(at: now, limit: limit)
    }

    /// The ids of a user's live sessions.
    package func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        self.calls.add(1, ordering: .relaxed)
        self.lists.add(1, ordering: .relaxed)
        return try await self.base.ids(ofUser: user, at: now)
    }

    /// Some of them.
    package func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID] {
        self.calls.add(1, ordering: .relaxed)
        self.lists.add(1, ordering: .relaxed)
        return try await self.base.ids(ofUser: user, limit: limit, at: now)
    }
}
