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
    private let isFirstRound = Atomic(true)
    private let unwritten = Mutex<[RevocationEntry]>([])
    /// When the last reading that succeeded began.
    private let readAt = Mutex<ClockReading?>(nil)

    init(store: any SessionStore, staleness: Duration, random: SessionRandom, schedule: PurgeSchedule) {
        self.staleness = staleness
        self.schedule = schedule
        self.store = store
        self.writer = RevocationWriter(store: store, random: random)
        self.reader = RevocationReader(store: store)
    }

    /// What is deleted later is confirmed by this reading: before the first round the clock may have gone wrong.
    func begin(_ clock: SessionClock) {
        _ = self.purgeTime.confirmed(clock.reading)
    }

    func add(_ entry: RevocationEntry) {
        self.unwritten.withLock { $0.append(entry) }
    }

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

    /// By the time that has passed: by a wall clock that was put back, an old reading would look like a new one.
    ///
    /// A reading by a wall clock that was ahead is none: what had expired by that clock was not read.
    func isFresh(by clock: SessionClock) -> Bool {
        guard let readAt = self.readAt.withLock({ $0 }) else { return false }
        let now = clock.reading
        let age = now.elapsed - readAt.elapsed
        let wasAhead = readAt.now.adding(age) > now.now.adding(ConfirmedTime.tolerance)
        return (.zero...self.staleness).contains(age) && !wasAhead
    }

    /// Hands over what was not read before.
    func refresh(_ clock: SessionClock, _ take: @escaping @Sendable ([RevocationNews]) -> Void) async throws {
        try await self.reader.read(clock) { entries, beganAt in
            take(entries)
            self.readAt.withLock { $0 = beganAt }
        }
    }

    /// What has expired goes by a time that two readings of the clock agree on: a segment that one process deletes is
    /// one that a process that starts later never reads. The first round deletes nothing, so that a process that starts
    /// with a wrong clock has some time to hear the right one.
    func removeExpired(_ clock: SessionClock) async throws {
        let confirmed = self.purgeTime.confirmed(clock.reading)
        guard !self.isFirstRound.exchange(false, ordering: .relaxed), let now = confirmed else { return }
        _ = try await self.store.removeExpired(at: now.wholeMilliseconds, limit: self.schedule.batch)
    }
}

/// Reads the segments of all processes, a closed one only once.
actor RevocationReader {
    private let store: any SessionStore
    /// The segments that were read to their end.
    private var finished: Set<SessionID> = []
    private var reading: Task<Void, any Error>?

    init(store: any SessionStore) {
        self.store = store
    }

    /// Reads, or waits for a reading that has begun.
    ///
    /// - Parameter take: Gets the entries, and when the reading began.
    func read(
        _ clock: SessionClock, _ take: @escaping @Sendable ([RevocationNews], _ beganAt: ClockReading) -> Void
    ) async throws {
        if let reading = self.reading { return try await reading.value }
        let task = Task {
            defer { self.reading = nil }
            let beganAt = clock.reading
            take(try await self.entries(at: beganAt.now.wholeMilliseconds), beganAt)
        }
        self.reading = task
        try await task.value
    }

    private func entries(at now: Date) async throws -> [RevocationNews] {
        // One for each segment, which holds a thousand entries or what a process has written in a minute.
        let ids = Set(try await self.store.ids(ofUser: RevocationSegment.user, at: now))
        self.finished.formIntersection(ids)
        var entries: [RevocationNews] = []
        var closed: [SessionID] = []
        for id in ids.subtracting(self.finished) {
            // One that has gone meanwhile had nothing more to say.
            guard let record = try await self.store.read(id, at: now),
                let segment = try RevocationSegment.read(record)
            else { continue }
            entries += segment.entries.map { RevocationNews(entry: $0, retention: record.idleTimeout) }
            if segment.isClosed { closed.append(id) }
        }
        self.finished.formUnion(closed)
        return entries
    }
}

/// Appends this process's entries to its own segments, one write at a time, with all that has come up meanwhile.
actor RevocationWriter {
    private let store: any SessionStore
    private let random: SessionRandom
    /// The segment that is being filled, as the store has it.
    private var segment: RevocationSegment?
    private var writing: Task<Void, any Error>?

    init(store: any SessionStore, random: SessionRandom) {
        self.store = store
        self.random = random
    }

    /// Returns when there was nothing left to take, or all that was taken is written.
    ///
    /// - Parameters:
    ///   - now: The current time.
    ///   - take: Takes what is to be written.
    ///   - giveBack: Gets it back when it could not be.
    func write(
        at now: Date, take: @Sendable () -> [RevocationEntry],
        giveBack: @escaping @Sendable ([RevocationEntry]) -> Void
    ) async throws {
        // Another's write may have what this one is to write; if it failed, it has been given back by then.
        while let writing = self.writing { _ = try? await writing.value }
        let entries = take()
        guard !entries.isEmpty else { return }
        // In a task of its own: a client that hangs up ends no write.
        let task = Task {
            defer { self.writing = nil }
            do {
                try await self.append(entries, at: now)
            } catch {
                giveBack(entries)
                throw error
            }
        }
        self.writing = task
        try await task.value
    }

    private func append(_ entries: [RevocationEntry], at now: Date) async throws {
        var left = entries[...]
        while !left.isEmpty {
            var segment = self.segment ?? RevocationSegment(id: SessionID(using: self.random), at: now)
            // After a failure what the store has is unknown, and another segment begins. To be told twice does no harm.
            self.segment = nil
            let part = left.prefix(segment.room)
            segment.append(part, at: now)
            let isWritten = try await self.store.write(
                segment.record(at: now), replacing: segment.replacedVersion, at: now)
            // A segment to which nothing was added for long has expired with its entries, and another begins.
            guard isWritten || segment.replacedVersion != nil else { throw RevocationFault.refusal }
            guard isWritten else { continue }
            left = left.dropFirst(part.count)
            if !segment.isClosed { self.segment = segment }
        }
    }
}
