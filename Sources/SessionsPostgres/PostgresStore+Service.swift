// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import ServiceLifecycle

/// As a service the store closes its connections when the server has stopped. It works without that too.
///
/// Services stop in reverse order, so name the store before the services that use it:
///
/// ```swift
/// let application = Application(router: router, services: [store, SessionPurgeService(sessions)])
/// ```
extension PostgresStore: Service {
    /// Waits until the server stops, and then closes the connections.
    public func run() async {
        try? await gracefulShutdown()
        await self.shutdown()
    }
}
