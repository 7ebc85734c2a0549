// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The revocation list: the sessions that have ended although their cookies have not expired. It is asked in memory,
/// and processes share it through a store if there is one.
///
/// What is added is known to this process at once, and to another process once ``flush(_:)`` has returned and that
/// process has read it. A ``RevocationLedger`` is how one manager uses the list.
final class RevocationList: Sendable {
    private let table = Mutex(RevocationTable())
    let journal: RevocationJournal?
    /// How long after its writing an entry may be unknown to another process.
    let staleness: Duration

    /// A list of this process alone, or one that a journal shares.
    init(journal: RevocationJournal? = nil) {
        self.journal = journal
        self.staleness = journal?.staleness ?? .zero
    }

    var isShared: Bool { self.journal != nil }

    var count: Int { self.table.withLock { $0.count } }

    func withTable<Answer: Sendable>(_ body: (inout sending RevocationTable) -> Answer) -> Answer {
        self.table.withLock { body(&$0) }
    }

    /// Adds a fact to the table, and to what other processes are told.
    ///
    /// - Parameter retention: How long after this moment a token that the fact is about could be good.
    func insert(
        _ fact: RevocationEntry.Fact, _ table: inout RevocationTable, at now: ClockReading, retention: Duration
    ) {
        // Another process that does not know the fact yet may renew a token until the staleness is over.
        let kept = retention.milliseconds.addingClamped(self.staleness.milliseconds)
        let entry = RevocationEntry(fact: fact, until: now.now.milliseconds.addingClamped(kept))
        table.removeExpired(at: now.now.milliseconds, elapsed: now.elapsed.milliseconds)
        table.insert(entry, keptUntil: now.elapsed.milliseconds.addingClamped(kept))
        self.journal?.add(entry)
    }

    // MARK: - Sharing

    /// A process begins, with a clock that is right as far as is known.
    func begin(_ clock: SessionClock) { self.journal?.begin(clock) }

    /// Writes what this process has added.
    ///
    /// - Throws: What the store throws. The next flush writes it then.
    func flush(_ clock: SessionClock) async throws {
        try await self.journal?.flush(clock)
    }

    /// Makes sure that nothing older than the staleness is unknown; when the last reading is too long ago, it reads.
    func prepare(_ clock: SessionClock) async throws {
        guard let journal = self.journal, !journal.isFresh(by: clock) else { return }
        // The first reading may be one that had begun long before.
        for _ in 0..<2 {
            try await self.refresh(clock)
            if journal.isFresh(by: clock) { return }
        }
        throw RevocationFault.slowStore
    }

    /// Reads what other processes have added.
    func refresh(_ clock: SessionClock) async throws {
        try await self.journal?.refresh(clock) { news in
            let now = clock.reading
            let elapsed = now.elapsed.milliseconds
            self.table.withLock { table in
                for item in news {
                    table.insert(item.entry, keptUntil: elapsed.addingClamped(item.retention.milliseconds))
                }
                table.removeExpired(at: now.now.milliseconds, elapsed: elapsed)
            }
        }
    }

    /// Reads everything that other processes have added by now; a reading that was under way may have begun before.
    func catchUp(_ clock: SessionClock) async throws {
        for _ in 0..<2 { try await self.refresh(clock) }
    }

    /// One round of the work in the background: write what could not be written, read what other processes have
    /// written, remove what has expired.
    func round(_ clock: SessionClock) async throws {
        try await self.flush(clock)
        try await self.refresh(clock)
        try await self.journal?.removeExpired(clock)
    }

    /// Waits for the next round; false when there is none.
    func wait() async -> Bool { await self.journal?.schedule.wait() ?? false }
}
