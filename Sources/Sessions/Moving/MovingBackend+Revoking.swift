// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A user's sessions: those in the store can be listed and counted, those in cookies can only be ended, with a
/// revocation list.
///
/// Where sessions begin in cookies, what cannot be done to these is refused, as it is without the store: an answer that
/// is about the store alone would let the application believe that a user is signed out everywhere.
extension MovingBackend {
    func activeSessions(
        of user: String, current: SessionID?, _ reporter: SessionReporter
    ) async throws(SessionError) -> [ActiveSession] {
        guard self.destination == .store else {
            return try await self.cookies.activeSessions(of: user, current: current, reporter)
        }
        return try await self.store.activeSessions(of: user, current: current, reporter)
    }

    /// With a list and no `user`, an id that is still in a cookie is revoked too.
    func revoke(_ id: SessionID, of user: String?, _ reporter: SessionReporter) async throws(SessionError) -> Bool {
        if self.destination == .cookies { try self.cookies.checkCanRevoke(of: user) }
        if try await self.store.revoke(id, of: user, reporter) { return true }
        guard user == nil, let moved = self.moved else { return false }
        return try await self.store.access.finishing(reporter) {
            let isFirst = try await self.cookies.revoke(id, of: nil, reporter)
            await moved.removeRelatives(of: id, reporter)
            return isFirst
        }
    }

    /// With a list the sessions that are still in cookies end too.
    func revokeAll(of user: String, except kept: Session?, _ reporter: SessionReporter) async throws(SessionError)
        -> Int
    {
        guard let moved = self.moved else {
            if self.destination == .cookies { try self.cookies.checkCanRevoke() }
            return try await self.store.revokeAll(of: user, except: kept, reporter)
        }
        return try await self.store.access.finishing(reporter) {
            if let stored = kept?.openQuietly().stored {
                // A session that has ended itself ends no other.
                try await moved.ledger.catchUp()
                guard !moved.ledger.hasEnded(stored.record.id), try await self.store.isAlive(stored) else { return 0 }
            }
            guard try await self.cookies.endAll(of: user, except: kept, in: moved.ledger, reporter) else { return 0 }
            return try await self.store.revokeAll(of: user, except: kept, reporter)
        }
    }
}
