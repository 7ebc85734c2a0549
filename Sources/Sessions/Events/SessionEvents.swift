// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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
