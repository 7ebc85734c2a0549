// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import ServiceLifecycle
public import Sessions

/// Removes expired sessions from a store, as a service that stops with the server.
///
/// Without it the same work is done by a task that starts with the first request; as a service it is stopped in order:
///
/// ```swift
/// let application = Application(router: router, services: [SessionPurgeService(sessions)])
/// ```
public struct SessionPurgeService: Service {
    private let sessions: SessionManager

    /// The service for the sessions of a manager; it has nothing to do for sessions that live in their cookies.
    public init(_ sessions: SessionManager) {
        self.sessions = sessions
    }

    /// Removes expired sessions until the server stops; without a store it waits for that.
    public func run() async {
        await cancelWhenGracefulShutdown {
            await self.sessions.runPurge()
            // A service that returns ends the others too.
            try? await gracefulShutdown()
        }
    }
}
