// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import ServiceLifecycle
public import Sessions

/// Removes expired sessions from a store, as a service that stops with the server.
///
/// Without it a task that starts with the first request does the same work. As a service it is stopped in order:
///
/// ```swift
/// let application = Application(router: router, services: [SessionPurgeService(sessions)])
/// ```
public struct SessionPurgeService: Service {
    private let sessions: SessionManager

    /// The service for a manager's sessions. It has nothing to do for sessions that live in their cookies.
    public init(_ sessions: SessionManager) {
        self.sessions = sessions
    }

    /// Removes expired sessions until the server stops. Without a store it only waits for that.
    public func run() async {
        await cancelWhenGracefulShutdown {
            await self.sessions.runPurge()
            // When a service returns, its group stops the other services too.
            try? await gracefulShutdown()
        }
    }
}
