// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Ending sessions from outside of them.
///
/// It is not known how many sealed cookies are about: what is counted is sessions in the overflow store.
extension CookieBackend {
    /// Ends a session; false when it is known to have ended before.
    func revoke(_ id: SessionID, of user: String?, logger: Logger?) async throws -> Bool {
        let list = try self.requiredList()
        guard user == nil else {
            throw SessionError(
                .notSupported,
                "Whose a session in a cookie is cannot be told by its id. Set store in the configuration, or give no user."
            )
        }
        return try await self.outage.finishing(logger) {
            let isFirst = try await self.end(id, list, logger: logger)
            try await self.overflow?.store.remove(id)
            await self.overflow?.removeMoved(with: id, logger: logger)
            if isFirst { self.observer.revoked(SessionSubject(id: id)) }
            return isFirst
        }
    }

    /// Puts a session on the list; false when it is there.
    func end(_ id: SessionID, _ list: RevocationList, logger: Logger?) async throws -> Bool {
        let isFirst = list.end(id, at: self.clock.reading, keeping: self.retention)
        try await self.share(list, logger: logger)
        return isFirst
    }

    /// Ends the sessions that a user has by now, and gives the number of those in the overflow store.
    func revokeAll(of user: String, except kept: Session?, logger: Logger?) async throws -> Int {
        let list = try self.requiredList()
        return try await self.outage.finishing(logger) {
            if let kept { return try await self.revokeOthers(of: user, than: kept, list, logger: logger) }
            return try await self.revokeAll(of: user, list, logger: logger)
        }
    }

    private func revokeAll(of user: String, _ list: RevocationList, logger: Logger?) async throws -> Int {
        _ = list.endAll(of: user, at: self.clock.reading, keeping: self.retention)
        try await self.share(list, logger: logger)
        self.observer.revoked(SessionSubject(user: user))
        return try await self.overflow?.revokeAll(of: user, except: nil, logger: logger) ?? 0
    }

    /// The session that is kept gets an id from after that.
    private func revokeOthers(
        of user: String, than session: Session, _ list: RevocationList, logger: Logger?
    ) async throws -> Int {
        let state = session.openQuietly()
        let bearer = state.opened.map { RevocationBearer($0, exemption: state.mark) }
        // One that another process has ended would outlive that with its new id.
        try await self.learn(list, logger: logger)
        // A session that has ended itself ends no other.
        guard try await self.isStoredStill(state),
            let mark = list.endAll(
                of: user, asked: bearer, movingAgain: self.movesAll, at: self.clock.reading, keeping: self.retention)
        else { return 0 }
        if state.stored == nil {
            session.write {
                $0.mark = mark
                $0.wantsRenewal = true
                $0.isModified = true
                $0.noteChange(of: "renewal")
            }
        }
        try await self.share(list, logger: logger)
        self.observer.revoked(SessionSubject(user: user))
        return try await self.overflow?.revokeAll(of: user, except: session, logger: logger) ?? 0
    }

    private func requiredList() throws -> RevocationList {
        if let list = self.list { return list }
        throw SessionError(
            .notSupported,
            "Sessions in cookies can only be ended from outside with a list: set SessionConfiguration.revocations.")
    }

    /// False for a session in the overflow store that has ended there.
    private func isStoredStill(_ state: SessionState) async throws -> Bool {
        guard let overflow = self.overflow, let stored = state.stored else { return true }
        guard self.list?.hasEnded(stored.record.id) != true else { return false }
        return try await overflow.isAlive(stored)
    }
}
