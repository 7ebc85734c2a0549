// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// What happens to the sessions of a manager, from the moment of subscribing on.
///
/// ```swift
/// let events = sessions.events
/// Task {
///     for await event in events { audit.write(event) }
/// }
/// ```
///
/// Every value of ``SessionManager/events`` is a subscription of its own, and gets every event; loops over one value
/// share them. It ends when the value is let go, when the task that waits for it is cancelled, or with the manager.
///
/// No request waits for a subscriber. What it has not taken yet is kept up to a bound; of what came beyond, it gets the
/// number, as ``SessionEvent/Kind/missed(_:)`` in its place in the order.
public struct SessionEvents: AsyncSequence, Sendable {
    /// One event.
    public typealias Element = SessionEvent
    /// Events never fail.
    public typealias Failure = Never

    let subscription: EventSubscription

    /// What can be taken without waiting, for tests.
    package func takeAll() -> [SessionEvent] { self.subscription.takeAll() }

    /// Takes events from the subscription.
    public struct Iterator: AsyncIteratorProtocol {
        let subscription: EventSubscription

        /// Waits for the next event; nil when the subscription has ended.
        public mutating func next() async -> SessionEvent? {
            await self.subscription.next()
        }
    }

    /// An iterator over what has not been taken yet.
    public func makeAsyncIterator() -> Iterator {
        Iterator(subscription: self.subscription)
    }
}

/// Hands every event to every subscriber. When there is none, it costs one look at a number.
final class EventHub: Sendable {
    private struct Listener {
        weak var subscription: EventSubscription?
    }

    private let count = Atomic<Int>(0)
    private let listeners = Mutex<[ObjectIdentifier: Listener]>([:])

    /// Ends every subscription: nothing will come any more.
    deinit {
        for listener in self.listeners.withLock({ $0.values.compactMap(\.subscription) }) { listener.end() }
    }

    func subscribe(buffering limit: Int, clock: SessionClock) -> EventSubscription {
        let subscription = EventSubscription(limit: limit, clock: clock) { [weak self] in self?.remove($0) }
        self.listeners.withLock { listeners in
            listeners[ObjectIdentifier(subscription)] = Listener(subscription: subscription)
            self.count.store(listeners.count, ordering: .sequentiallyConsistent)
        }
        return subscription
    }

    private func remove(_ id: ObjectIdentifier) {
        self.listeners.withLock { listeners in
            listeners[id] = nil
            self.count.store(listeners.count, ordering: .sequentiallyConsistent)
        }
    }

    /// Whether there is a subscriber.
    var isHeard: Bool { self.count.load(ordering: .relaxed) > 0 }

    /// Sends an event that is only made if there is a subscriber.
    func send(_ event: () -> SessionEvent) {
        guard self.isHeard else { return }
        let event = event()
        // Delivered outside the lock: the last reference to a subscription may go here, and takes it off the list.
        for subscription in self.listeners.withLock({ $0.values.compactMap(\.subscription) }) {
            subscription.offer(event)
        }
    }
}
