// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

extension SessionManager {
    /// Reads a key file at intervals until the task is cancelled, and reloads the keys when it has changed.
    ///
    /// A file that cannot be used leaves the keys as they are, and is logged once as an error.
    ///
    /// ```swift
    /// let sessions = try SessionManager(keys: SecretKeys(file: path))
    /// let following = Task { await sessions.follow(keyFile: path) }
    /// ```
    ///
    /// Hummingbird applications use `KeyFileService`, and `App(keyFile:)` needs no call.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - access: As in ``SecretKeys/init(file:access:)``.
    ///   - interval: The time between two reads.
    public func follow(
        keyFile path: String, access: KeyFileAccess = .ownerOnly, every interval: Duration = .seconds(2)
    ) async {
        await self.follow(keyFile: path, access: access) { try await Task.sleep(for: interval) }
    }

    /// - Parameter pause: Waits until the next read; throws to end the loop.
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

/// Reads a key file and reloads the keys of a manager when they have changed.
struct KeyFileWatcher {
    /// The result of one read.
    private enum Finding: Equatable {
        case keys(SecretKeys)
        case problem(String)
    }

    private let path: String
    private let access: KeyFileAccess
    private let sessions: SessionManager
    /// A disk that does not answer must not hold a thread that requests need.
    private let pool = BlockingPool(width: 1, label: "dewar.keys")
    private var last: Finding?

    init(path: String, access: KeyFileAccess, sessions: SessionManager) {
        self.path = path
        self.access = access
        self.sessions = sessions
    }

    /// Reads the file. A result equal to the last one is neither loaded nor logged again.
    mutating func look() async {
        let found = await self.find()
        guard found != self.last else { return }
        self.last = found
        switch found {
        case .keys(let keys): self.load(keys)
        case .problem(let problem): self.tell(problem)
        }
    }

    private func find() async -> Finding {
        let path = self.path
        let access = self.access
        do {
            return .keys(try await self.pool.run { try SecretKeys(file: path, access: access) })
        } catch {
            return .problem("\(error)")
        }
    }

    private func load(_ keys: SecretKeys) {
        do throws(SessionError) {
            guard try self.sessions.loadIfChanged(keys) else { return }
            self.sessions.logger.notice(
                "the secret keys were loaded anew",
                metadata: [
                    "session.keys.sign": "\(keys.current.fingerprint)",
                    "session.keys.accept": "\(keys.fallbacks.map(\.fingerprint).joined(separator: " "))",
                ])
        } catch {
            self.tell("\(self.path): \(error.message)")
        }
    }

    private func tell(_ problem: String) {
        self.sessions.logger.error(
            "the key file cannot be used, and the keys stay as they were", metadata: ["error": "\(problem)"])
    }
}
