// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Shares a list of revocations with other processes: writes this one's entries to a store and reads all others'.
final class RevocationJournal: Sendable {
    let staleness: Duration
    let schedule: PurgeSchedule
    private let store: any SessionStore
    private let writer: RevocationWriter
    private let reader: RevocationReader
    private let purgeTime = ConfirmedTime()
    private let unwritten = Mutex<[RevocationEntry]>([])
    /// When the last reading that succeeded began, in milliseconds since 1970.
    private let readAt = Mutex<Int?>(nil)

    init(store: any SessionStore, staleness: Duration, random: SessionRandom, schedule: PurgeSchedule) {
        self.staleness = staleness
        self.schedule = schedule
        self.store = store
        self.writer = RevocationWriter(store: store, random: random)
        self.reader = RevocationReader(store: store)
    }

    func add(_ entry: RevocationEntry) {
        self.unwritten.withLock { $0.append(entry) }
    }

    var hasUnwritten: Bool { self.unwritten.withLock { !$0.isEmpty } }

    /// Returns when everything that had been added before is written.
    func flush(_ clock: SessionClock) async throws {
        try await self.writer.write(at: clock.now().wholeMilliseconds) {
            self.unwritten.withLock { entries in
                defer { entries = [] }
                return entries
            }
        } giveBack: { entries in
            self.unwritten.withLock { $0 = entries + $0 }
        }
    }

    /// A clock that was put back says nothing about how long ago the reading was.
    func isFresh(at now: Date) -> Bool {
        guard let readAt = self.readAt.withLock({ $0 }) else { return false }
        return (0...self.staleness.milliseconds).contains(now.milliseconds - readAt)
    }

    /// Hands over what was not read before.
    func refresh(_ clock: SessionClock, _ take: @escaping @Sendable ([RevocationNews]) -> Void) async throws {
        try await self.reader.read(clock) { entries, beganAt in
            take(entries)
            self.readAt.withLock { $0 = beganAt.milliseconds }
        }
    }

    /// What has expired goes by a time that two readings of the clock agree on: a segment that one process deletes is
    /// one that a process that starts later never reads.
    func removeExpired(_ clock: SessionClock) async throws {
        guard let now = self.purgeTime.confirmed(clock.reading) else { return }
        _ = try await self.store.removeExpired(at: now.wholeMilliseconds, limit: self.schedule.batch)
    }
}
