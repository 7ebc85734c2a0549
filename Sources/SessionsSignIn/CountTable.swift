// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The counts in a store, changed by compare-and-set.
final class CountTable: AttemptCounts {
    /// The store refuses to replace the version that it gives.
    struct Refusal: Error, CustomStringConvertible {
        let description = "the store refuses to replace the version that it gives"
    }

    private let store: any SessionStore
    private let clock: SessionClock
    /// Attempts of this process at one user wait for each other, and not for their writes to fail.
    private let turns = WriteTurns<SessionID>()
    private let purgeTime = ConfirmedTime()
    private let purgedAt: Mutex<Duration>

    /// How often a process that has lost to another one tries again. Each time, another one has succeeded.
    private static let maximumRounds = 1000
    private static let purgeInterval = Duration.seconds(60)
    private static let purgeBatch = 500

    init(store: any SessionStore, clock: SessionClock) {
        self.store = store
        self.clock = clock
        _ = self.purgeTime.confirmed(clock.reading)
        self.purgedAt = Mutex(clock.elapsed())
    }

    func exists(_ id: SessionID) async throws -> Bool {
        try await self.store.read(id, at: self.now) != nil
    }

    func read(_ id: SessionID) async throws -> AttemptCount {
        AttemptCount(try await self.store.read(id, at: self.now)?.contents ?? [])
    }

    func remove(_ id: SessionID) async throws {
        try await self.store.remove(id)
    }

    /// The change is made again when another process was faster.
    func change(
        _ id: SessionID, keep: Duration, _ change: (AttemptCount, Int) throws -> AttemptCount
    ) async throws {
        await self.turns.take(id)
        defer { self.turns.pass(id) }
        for _ in 0..<Self.maximumRounds {
            let now = self.now
            let old = try await self.store.read(id, at: now)
            let count = try change(AttemptCount(old?.contents ?? []), now.milliseconds)
            guard old?.version ?? 0 < .max - 1 else { throw Refusal() }
            let record = count.record(id, replacing: old, keep: keep, at: now)
            if try await self.store.write(record, replacing: old?.version, at: now) {
                self.purge()
                return
            }
        }
        throw Refusal()
    }

    private var now: Date { self.clock.now().wholeMilliseconds }

    /// Lets the store remove what has expired, once in a while: the store may hold nothing but counts, and then no other
    /// code does that.
    private func purge() {
        let elapsed = self.clock.elapsed()
        let isDue = self.purgedAt.withLock { purgedAt in
            guard elapsed - purgedAt >= Self.purgeInterval else { return false }
            purgedAt = elapsed
            return true
        }
        guard isDue, let now = self.purgeTime.confirmed(self.clock.reading)?.wholeMilliseconds else { return }
        let store = self.store
        Task {
            // A store that fails here fails the next attempt too, which says so.
            while (try? await store.removeExpired(at: now, limit: Self.purgeBatch)) == Self.purgeBatch {}
        }
    }
}
