// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

/// Sessions that came in cookies, which could bring them again: what ends here has to be on the list of revocations.
/// Without a list there is nothing to do.
extension StoreBackend {
    private var list: RevocationList? { self.configuration.revocations?.list }

    /// Removes a session that its visitor ends, and notes it; the one also if the other fails.
    func remove(ended id: SessionID, logger: Logger?) async throws {
        do {
            try await self.noteEnd(of: id, logger: logger)
        } catch {
            try await self.store.remove(id)
            throw error
        }
        try await self.store.remove(id)
    }

    /// Notes that its visitor ends a session, or a thief, and ends all that came of its cookie.
    func noteEnd(of id: SessionID, logger: Logger?) async throws {
        guard let list = self.list else { return }
        _ = list.end(id, at: self.clock.reading, keeping: self.configuration.retention)
        try await list.flush(self.clock)
        await self.removeMoved(with: id, logger: logger)
    }

    /// Notes that a session was revoked: its cookie is dead, and what else came of that goes on.
    func noteRevocation(of id: SessionID) async throws {
        guard let list = self.list else { return }
        try await list.learn(self.clock)
        guard list.settle(id, at: self.clock.reading, keeping: self.configuration.retention) else { return }
        try await list.flush(self.clock)
    }

    /// Removes the other sessions that came of one cookie.
    func removeMoved(with id: SessionID, logger: Logger?) async {
        for other in self.list?.moved(with: id) ?? [] where other != id {
            do {
                guard let record = try await self.store.read(other, at: self.now) else { continue }
                try await self.store.remove(other)
                self.observer.revoked(SessionSubject(record))
            } catch {
                self.observer.storeFailed(error, logger: logger)
            }
        }
    }
}

extension SessionConfiguration {
    /// No token is good for longer after its session's end, whatever the servers' clocks make of the second.
    var retention: Duration { self.lifetime.idle + self.clockSkew + .seconds(1) }
}
