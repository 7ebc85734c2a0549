// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import ServiceLifecycle

/// As a service it is there until the group of services ends, and then shuts down.
///
/// Services end in the opposite order: name the store before the server, so that the last requests find it.
extension RedisStore: Service {
    /// Waits until the server stops, and closes the connections.
    public func run() async {
        try? await gracefulShutdown()
        await self.shutdown()
    }
}
