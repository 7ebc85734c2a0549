// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

/// Looks at a key file and reloads the keys of a manager when they have changed.
struct KeyFileWatcher {
    /// What a look has found.
    private enum Finding: Equatable {
        case keys(SecretKeys)
        case problem(String)
    }

    private let path: String
    private let access: KeyFileAccess
    private let sessions: SessionManager
    /// A disk that does not answer must not keep a thread that requests need.
    private let pool = BlockingPool(width: 1, label: "dewar.keys")
    private var last: Finding?

    init(path: String, access: KeyFileAccess, sessions: SessionManager) {
        self.path = path
        self.access = access
        self.sessions = sessions
    }

    /// Reads the file. What is as it was at the last look is neither loaded nor told again.
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
            self.tell(error.message)
        }
    }

    private func tell(_ problem: String) {
        self.sessions.logger.error(
            "the key file cannot be used, and the keys stay as they were", metadata: ["error": "\(problem)"])
    }
}
