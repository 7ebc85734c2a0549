// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// The events of a manager's sessions, from the moment of subscribing on.
///
/// ```swift
/// let events = sessions.events
/// Task {
///     for await event in events { audit.write(event) }
/// }
/// ```
///
/// Every value of ``SessionManager/events`` is a subscription of its own, and gets every event; several loops over one
/// value share them. A subscription ends when the value is released, when the task that waits for it is cancelled, or
/// with the manager.
///
/// No request waits for a subscriber. Events that it has not taken yet are kept up to a limit. Events over the limit
/// are only counted: the subscriber gets their number as ``SessionEvent/Kind/missed(_:)``, at their place in the order.
public struct SessionEvents: AsyncSequence, Sendable {
    /// One event.
    public typealias Element = SessionEvent
    /// Events never fail.
    public typealias Failure = Never

    let subscription: EventSubscription

    /// The events that can be taken without waiting, for tests.
    package func takeAll() -> [SessionEvent] { self.subscription.takeAll() }

    /// Takes events from the subscription.
    public struct Iterator: AsyncIteratorProtocol {
        let subscription: EventSubscription

        /// Waits for the next event; nil when the subscription has ended.
        public mutating func next() async -> SessionEvent? {
            await self.subscription.next()
        }
    }

    /// An iterator over the events that have not been taken yet.
    public func makeAsyncIterator() -> Iterator {
        Iterator(subscription: self.subscription)
    }
}

/// Hands every event to every subscriber. Without a subscriber it costs one atomic read.
final class EventHub: Sendable {
    private struct Listener {
        weak var subscription: EventSubscription?
    }

    private let count = Atomic<Int>(0)
    private let listeners = Mutex<[ObjectIdentifier: Listener]>([:])

    /// Ends every subscription, because no event will come any more.
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

    /// Sends an event, which is made only if there is a subscriber.
    func send(_ event: () -> SessionEvent) {
        guard self.isHeard else { return }
        let event = event()
        // Outside the lock: a subscription may lose its last reference here, and then removes itself under the lock.
        for subscription in self.listeners.withLock({ $0.values.compactMap(\.subscription) }) {
            subscription.offer(event)
        }
    }
}
