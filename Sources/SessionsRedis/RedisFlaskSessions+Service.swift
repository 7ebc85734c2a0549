// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import ServiceLifecycle
import SessionsFlask

/// As a service it runs until the group of services stops, and then shuts down, as ``RedisStore`` does.
extension RedisFlaskSessions: Service {
    /// Waits until the server stops, and then closes the connections.
    public func run() async {
        try? await gracefulShutdown()
        await self.shutdown()
    }
}
