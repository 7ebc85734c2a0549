// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport
import Synchronization

/// Counts in the memory of this process, not more than a maximum.
///
/// An attacker who tries ever new names must not get more attempts at an old one by that. So the name with the fewest
/// failures makes room for a new one, and from then on a name without a count is taken to have failed as often as any
/// that has made room: no count is ever too low (the Space-Saving algorithm: Metwally, Agrawal, El Abbadi, 2005).
final class CountMemory: AttemptCounts {
    private struct State {
        var counts = CountQueue()
        /// What a name without a count is taken to have.
        var floor = AttemptCount()
        /// When the last count that has made room would have expired, in milliseconds since 1970.
        var floorEnd = 0
        /// When expired counts were last removed.
        var purgedAt: Duration

        /// The count of a name.
        func count(_ name: TwoWords, at now: Int) -> AttemptCount {
            if let entry = self.counts[name], now < entry.end { return entry.count }
            return now < self.floorEnd ? self.floor : AttemptCount()
        }

        /// Removes the count with the fewest failures.
        mutating func makeRoom(at now: Int) {
            guard let entry = self.counts.popFirst(), now < entry.end else { return }
            if now >= self.floorEnd { self.floor = AttemptCount() }
            self.floor.failures = max(self.floor.failures, entry.count.failures)
            self.floor.time = max(self.floor.time, entry.count.time)
            self.floorEnd = max(self.floorEnd, entry.end)
        }
    }

    private let maximumCount: Int
    private let clock: SessionClock
    private let purgeTime = ConfirmedTime()
    private let state: Mutex<State>

    /// A full table looks for expired counts as often as this.
    private static let purgeInterval = Duration.seconds(60)

    init(maximumCount: Int, clock: SessionClock) {
        self.maximumCount = max(maximumCount, 1)
        self.clock = clock
        _ = self.purgeTime.confirmed(clock.reading)
        self.state = Mutex(State(purgedAt: clock.elapsed()))
    }

    /// How many counts there are, those that have expired among them.
    var count: Int { self.state.withLock { $0.counts.count } }

    func exists(_ id: SessionID) -> Bool {
        let now = self.now
        return self.state.withLock { $0.counts[TwoWords(id.bytes)].map { now < $0.end } ?? false }
    }

    func read(_ id: SessionID) -> AttemptCount {
        let now = self.now
        return self.state.withLock { $0.count(TwoWords(id.bytes), at: now) }
    }

    /// While a name without a count is taken to have failed, the name keeps a count of no failure.
    func remove(_ id: SessionID) {
        let (name, now) = (TwoWords(id.bytes), self.now)
        self.state.withLock { state in
            let hasRoom = state.counts[name] != nil || state.counts.count < self.maximumCount
            guard now < state.floorEnd, hasRoom else { return state.counts.remove(name) }
            state.counts.put(CountQueue.Entry(name: name, count: AttemptCount(), end: state.floorEnd))
        }
    }

    func change(_ id: SessionID, keep: Duration, _ change: (AttemptCount, Int) throws -> AttemptCount) throws {
        let (name, reading) = (TwoWords(id.bytes), self.clock.reading)
        let now = reading.now.milliseconds
        try self.state.withLock { state in
            let count = try change(state.count(name, at: now), now)
            if state.counts[name] == nil {
                self.purge(&state, reading)
                if state.counts.count >= self.maximumCount { state.makeRoom(at: now) }
            }
            state.counts.put(CountQueue.Entry(name: name, count: count, end: now.addingClamped(keep.milliseconds)))
        }
    }

    private var now: Int { self.clock.now().milliseconds }

    /// Removes what has expired from a full table, once in a while.
    private func purge(_ state: inout State, _ reading: ClockReading) {
        guard state.counts.count >= self.maximumCount, reading.elapsed - state.purgedAt >= Self.purgeInterval else {
            return
        }
        state.purgedAt = reading.elapsed
        guard let time = self.purgeTime.confirmed(reading) else { return }
        state.counts.removeExpired(at: time.milliseconds)
    }
}
