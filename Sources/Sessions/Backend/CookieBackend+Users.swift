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
/// How many sealed cookies are about nobody knows: what is counted is sessions in the overflow store.
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
        let isFirst = list.end(id, at: self.clock.now(), keeping: self.retention)
        try await self.share(list, logger: logger)
        try await self.removeStored([id], logger: logger)
        if isFirst { self.observer.revoked(SessionSubject(id: id)) }
        return isFirst
    }

    /// Ends the sessions that a user has by now, and gives the number of those in the overflow store.
    func revokeAll(of user: String, except kept: Session?, logger: Logger?) async throws -> Int {
        let list = try self.requiredList()
        if let kept { return try await self.revokeOthers(of: user, than: kept, list, logger: logger) }
        return try await self.revokeAll(of: user, list, logger: logger)
    }

    private func revokeAll(of user: String, _ list: RevocationList, logger: Logger?) async throws -> Int {
        _ = list.endAll(of: user, at: self.clock.now(), keeping: self.retention)
        try await self.share(list, logger: logger)
        self.observer.revoked(SessionSubject(user: user))
        return try await self.removeStored(of: user, logger: logger)
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
        guard let mark = list.endAll(of: user, asked: bearer, at: self.clock.now(), keeping: self.retention) else {
            return 0
        }
        if state.stored == nil {
            session.write {
                $0.mark = mark
                $0.wantsRenewal = true
                $0.isModified = true
            }
        }
        try await self.share(list, logger: logger)
        self.observer.revoked(SessionSubject(user: user))
        return try await self.removeStored(of: user, except: state.stored?.record.id, logger: logger)
    }

    private func requiredList() throws -> RevocationList {
        if let list = self.list { return list }
        throw SessionError(
            .notSupported,
            "Sessions in cookies can only be ended from outside with a list: set SessionConfiguration.revocations.")
    }

    private func removeStored(of user: String, except id: SessionID? = nil, logger: Logger?) async throws -> Int {
        guard let store = self.overflow?.store else { return 0 }
        do {
            let ids = try await store.ids(ofUser: user, at: self.clock.now().wholeMilliseconds)
            return try await self.removeStored(ids.filter { $0 != id }, logger: logger)
        } catch let error as SessionError {
            throw error
        } catch {
            throw self.outage.failure(error, logger: logger)
        }
    }

    @discardableResult
    private func removeStored(_ ids: [SessionID], logger: Logger?) async throws -> Int {
        guard let store = self.overflow?.store else { return 0 }
        do {
            for id in ids { try await store.remove(id) }
        } catch {
            throw self.outage.failure(error, logger: logger)
        }
        return ids.count
    }
}
