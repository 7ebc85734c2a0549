// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ServiceLifecycle

/// Keeps a server that stops from ending before its background work has.
struct BackgroundService: Service {
    let work: BackgroundWork

    func run() async throws {
        // It throws when the server's task is cancelled; then the work is as well.
        try? await gracefulShutdown()
        await self.work.drain()
        self.work.stop()
    }
}
