// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import ServiceLifecycle

/// As a service the store runs until the group of services stops, and then shuts down.
///
/// Services stop in the opposite order: name the store before the server, so that the last requests can still use it.
extension RedisStore: Service {
    /// Waits until the server stops, and then closes the connections.
    public func run() async {
        try? await gracefulShutdown()
        await self.shutdown()
    }
}
