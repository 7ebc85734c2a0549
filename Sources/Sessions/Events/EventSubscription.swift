// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DequeModule
import Synchronization

/// The events that one subscriber has not taken yet, up to a limit, and how many more found no room.
final class EventSubscription: Sendable {
    private typealias Waiter = CheckedContinuation<SessionEvent?, Never>

    private struct State {
        var events: Deque<SessionEvent> = []
        var missed = 0
        var waiters: Deque<Waiter> = []
        var hasEnded = false
    }

    private enum Answer {
        case event(SessionEvent)
        case missed(Int)
        case ended
        case later
    }

    private let limit: Int
    private let clock: SessionClock
    private let unsubscribe: @Sendable (ObjectIdentifier) -> Void
    private let state = Mutex(State())

    init(limit: Int, clock: SessionClock, unsubscribe: @escaping @Sendable (ObjectIdentifier) -> Void) {
        self.limit = max(limit, 1)
        self.clock = clock
        self.unsubscribe = unsubscribe
    }

    deinit {
        self.unsubscribe(ObjectIdentifier(self))
    }

    // MARK: - Giving

    /// Hands an event to a task that waits, or keeps it, or counts it as missed when there is no room.
    func offer(_ event: SessionEvent) {
        let waiter = self.state.withLock { state -> Waiter? in
            guard !state.hasEnded else { return nil }
            // If a task waits, there is no earlier event left to take.
            if let waiter = state.waiters.popFirst() { return waiter }
            guard state.events.count < self.limit else {
                state.missed += 1
                return nil
            }
            // The event's own time is used: the clock may be the application's code, which must not run under the lock.
            if let missed = Self.takeMissed(&state) {
                state.events.append(SessionEvent(.missed(missed), time: event.time))
            }
            state.events.append(event)
            return nil
        }
        waiter?.resume(returning: event)
    }

    /// No event will come any more; events that are here can still be taken.
    func end() {
        let waiters = self.state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: nil) }
    }

    // MARK: - Taking

    /// The next event. Nil after the last one, and when the task is cancelled, which also ends the subscription.
    func next() async -> SessionEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { self.wait($0) }
        } onCancel: {
            self.cancel()
        }
    }

    /// The events that can be taken without waiting.
    func takeAll() -> [SessionEvent] {
        let (events, missed) = self.state.withLock { state in
            defer { state.events = [] }
            return (Array(state.events), Self.takeMissed(&state))
        }
        return events + [missed.map(self.gap)].compactMap { $0 }
    }

    private func wait(_ continuation: Waiter) {
        let answer = self.state.withLock { state -> Answer in
            if let event = state.events.popFirst() { return .event(event) }
            if let missed = Self.takeMissed(&state) { return .missed(missed) }
            if state.hasEnded { return .ended }
            state.waiters.append(continuation)
            return .later
        }
        switch answer {
        case .event(let event): continuation.resume(returning: event)
        case .missed(let count): continuation.resume(returning: self.gap(count))
        case .ended: continuation.resume(returning: nil)
        case .later: break
        }
    }

    private func cancel() {
        self.unsubscribe(ObjectIdentifier(self))
        self.state.withLock { state in
            state.events = []
            state.missed = 0
        }
        self.end()
    }

    /// The event that stands for the events that found no room.
    private func gap(_ missed: Int) -> SessionEvent { SessionEvent(.missed(missed), time: self.clock.now()) }

    private static func takeMissed(_ state: inout State) -> Int? {
        guard state.missed > 0 else { return nil }
        defer { state.missed = 0 }
        return state.missed
    }
}
