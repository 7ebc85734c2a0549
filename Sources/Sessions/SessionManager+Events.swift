// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionManager {
    /// What happens to sessions from now on: a new subscription, which keeps 1,000 events for a slow subscriber.
    /// It is about this process alone: another server's events are on that server.
    public var events: SessionEvents { self.events(buffering: 1000) }

    /// What happens to sessions from now on: a new subscription.
    ///
    /// - Parameter limit: How many events are kept for a subscriber that is slower than they come; at least 1. Of those
    ///   beyond it gets the number.
    public func events(buffering limit: Int) -> SessionEvents {
        SessionEvents(subscription: self.eventSource.subscribe(buffering: limit))
    }

    /// Asks the store for an operator's page: a failure is counted, logged, and `storeUnavailable`.
    package func asking<Answer>(_ body: () async throws -> Answer) async throws(SessionError) -> Answer {
        try await StoreAccess(policy: .fail).mapping(self.reporter(), body)
    }
}
