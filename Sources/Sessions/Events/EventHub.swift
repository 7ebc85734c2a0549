// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// Hands every event to everybody who listens. When nobody does, it costs one look at a number.
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

    /// Whether anybody listens.
    var isHeard: Bool { self.count.load(ordering: .relaxed) > 0 }

    /// Sends an event that is only made if anybody listens.
    func send(_ event: () -> SessionEvent) {
        guard self.isHeard else { return }
        let event = event()
        // Delivered outside the lock: the last reference to a subscription may go here, and takes it off the list.
        for subscription in self.listeners.withLock({ $0.values.compactMap(\.subscription) }) {
            subscription.offer(event)
        }
    }
}
