// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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
