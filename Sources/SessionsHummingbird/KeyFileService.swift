// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import ServiceLifecycle
public import Sessions

/// Reloads the sessions' keys when their file changes, as a service that stops with the server.
///
/// ```swift
/// let sessions = try SessionManager(keys: SecretKeys(file: path))
/// let application = Application(router: router, services: [KeyFileService(sessions, keyFile: path)])
/// ```
public struct KeyFileService: Service {
    private let sessions: SessionManager
    private let path: String
    private let access: KeyFileAccess
    let interval: Duration

    /// The service for a manager's sessions and the file of their keys.
    ///
    /// - Parameters:
    ///   - sessions: The manager whose keys are reloaded.
    ///   - path: The file.
    ///   - access: As in `SecretKeys(file:access:)`.
    ///   - interval: The time between two checks of the file.
    public init(
        _ sessions: SessionManager, keyFile path: String, access: KeyFileAccess = .ownerOnly,
        every interval: Duration = .seconds(2)
    ) {
        self.sessions = sessions
        self.path = path
        self.access = access
        self.interval = interval
    }

    /// Watches the file until the server stops.
    public func run() async {
        await cancelWhenGracefulShutdown {
            await self.sessions.follow(keyFile: self.path, access: self.access, every: self.interval)
        }
    }
}
