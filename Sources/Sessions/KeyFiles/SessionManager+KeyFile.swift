// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionManager {
    /// Looks at a key file again and again until the task is cancelled, and reloads the keys when it has changed.
    ///
    /// A file that cannot be used leaves the keys as they are and is told once, as an error in the log.
    ///
    /// ```swift
    /// let sessions = try SessionManager(keys: SecretKeys(file: path))
    /// let following = Task { await sessions.follow(keyFile: path) }
    /// ```
    ///
    /// With Hummingbird there is `KeyFileService`, and `App(keyFile:)` does it by itself.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - access: As in ``SecretKeys/init(file:access:)``.
    ///   - interval: The time between two looks.
    public func follow(
        keyFile path: String, access: KeyFileAccess = .ownerOnly, every interval: Duration = .seconds(2)
    ) async {
        await self.follow(keyFile: path, access: access) { try await Task.sleep(for: interval) }
    }

    /// - Parameter pause: Waits for the next look; the end comes when it throws.
    package func follow(
        keyFile path: String, access: KeyFileAccess = .ownerOnly, pause: @Sendable () async throws -> Void
    ) async {
        var watcher = KeyFileWatcher(path: path, access: access, sessions: self)
        repeat {
            await watcher.look()
            do { try await pause() } catch { return }
        } while !Task.isCancelled
    }
}
