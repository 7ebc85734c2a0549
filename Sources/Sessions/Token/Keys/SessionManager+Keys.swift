// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionManager {
    /// Goes on under other keys, in this manager and in every copy of it, without a restart.
    ///
    /// ```swift
    /// try sessions.reload(keys: SecretKeys(new, fallbacks: [old]))
    /// ```
    ///
    /// From the next cookie on the new keys sign. A request in flight finishes: its session was opened under the keys
    /// of that moment, and is written under the new ones. Nothing else begins anew: the store, the counters, the
    /// purging stay.
    ///
    /// - Throws: ``SessionError`` when a key could be guessed, or when the manager began without a key; the keys are
    ///   then those that they were.
    public func reload(keys: SecretKeys) throws(SessionError) {
        guard !keys.current.isEmpty else {
            throw SessionError(.noSecretKey, "The key that is to sign is empty; the keys stay as they were.")
        }
        try Self.check(keys, allowsWeak: self.configuration.allowsWeakKeys, logger: self.logger)
        try self.slot.rekey(keys.watched(by: self.watch))
    }

    /// Whether there were other keys, and these are used from now on.
    func loadIfChanged(_ keys: SecretKeys) throws(SessionError) -> Bool {
        guard keys != self.slot.keys else { return false }
        try self.reload(keys: keys)
        return true
    }

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
