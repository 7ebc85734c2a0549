// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions that became too large for a cookie, or all, and live in a store until they end.
extension CookieBackend {
    func openStored(
        _ token: ArraySlice<UInt8>, arrival: Date, in overflow: StoreBackend, logger: Logger?
    ) async throws -> Session {
        let session = try await overflow.open(token, arrival: arrival, logger: logger)
        guard let id = session.snapshot.stored?.record.id, self.list?.hasEnded(id) == true else { return session }
        // The list forgets; the record must not outlive it.
        _ = try? await self.outage.finishing(logger) { try await overflow.store.remove(id) }
        self.observer.rejected(TokenError(.revoked), of: SessionSubject(id: id), logger: logger)
        return Session(SessionState())
    }

    /// Puts a session into the store, and what it was in its cookie comes to an end.
    func move(_ state: SessionState, into overflow: StoreBackend, logger: Logger?) async throws -> CookieAction {
        if state.isDestroyed {
            _ = try await self.end(state, logger: logger)
        } else if let bearer = self.bearer(state), self.list?.isClosed(bearer, movingAgain: self.movesAll) == true {
            return try await self.closed(state, logger: logger)
        }
        return try await self.outage.commit(state, hasWork: true, logger: logger) {
            let action = try await overflow.save(state, logger: logger)
            guard let list = self.list, let bearer = self.bearer(state), !state.isDestroyed else { return action }
            guard let id = try self.id(in: action, overflow) else {
                // The sign-in that moved was one too many.
                _ = list.end(bearer, at: self.clock.reading, keeping: self.retention)
                try await list.flush(self.clock)
                return action
            }
            guard try await self.hasLeft(bearer, for: id, state, list, overflow) else {
                return try await self.closed(state, logger: logger)
            }
            do {
                try await list.flush(self.clock)
            } catch {
                // Without a change of privileges that is no reason to lose the session: the next round tells the
                // others.
                guard !self.changesPrivileges(state) else { throw error }
                _ = self.outage.failure(error, logger: logger)
            }
            if self.changesPrivileges(state) { await overflow.removeMoved(with: id, logger: logger) }
            return action
        }
    }

    private func bearer(_ state: SessionState) -> RevocationBearer? {
        state.opened.map { RevocationBearer($0, exemption: state.mark) }
    }

    /// Commits a session that is in the store.
    func commitStored(
        _ session: Session, _ state: SessionState, in overflow: StoreBackend, logger: Logger?
    ) async throws -> CookieAction {
        if let id = state.stored?.record.id, !state.isDestroyed, self.list?.hasEnded(id) == true {
            return self.dropped(state, logger: logger)
        }
        guard let list = self.list, let id = state.stored?.record.id, !state.isDestroyed else {
            return try await overflow.commit(session, logger: logger)
        }
        // Before: once the secret is another one, nothing may keep it from the browser.
        if state.wantsRenewal { try await self.settle(id, list, in: overflow, logger: logger) }
        let action = try await overflow.commit(session, logger: logger)
        // Where every session moves, a browser may have no other cookie yet.
        if state.isModified, action != .delete, !self.movesAll {
            try await self.settle(id, list, in: overflow, logger: logger)
        }
        return action
    }

    /// The cookie that a session had before is a copy of what it was, and so is what else came of it.
    private func settle(
        _ id: SessionID, _ list: RevocationList, in overflow: StoreBackend, logger: Logger?
    ) async throws {
        // The session may have moved in another process just now.
        if self.movesAll { try await self.learn(list, logger: logger) }
        guard list.settle(id, at: self.clock.reading, keeping: self.retention) else { return }
        try await self.share(list, logger: logger)
        await overflow.removeMoved(with: id, logger: logger)
    }

    /// Whether the session goes on in the store. A process that ends a user's sessions looks for those that are stored
    /// after having told the list; and here the list is read after the session has been stored.
    private func hasLeft(
        _ bearer: RevocationBearer, for id: SessionID, _ state: SessionState, _ list: RevocationList,
        _ overflow: StoreBackend
    ) async throws -> Bool {
        do {
            try await list.learn(self.clock)
        } catch {
            try? await overflow.store.remove(id)
            throw error
        }
        let isFirst = list.renew(
            bearer, to: id, isMove: !self.changesPrivileges(state), movingAgain: self.movesAll, at: self.clock.reading,
            keeping: self.retention)
        if !isFirst { try await overflow.store.remove(id) }
        return isFirst
    }

    private func changesPrivileges(_ state: SessionState) -> Bool { state.wantsRenewal || state.changesUser }

    private func id(in action: CookieAction, _ overflow: StoreBackend) throws -> SessionID? {
        guard case .set(let value, _, _, _) = action else { return nil }
        return try overflow.tickets.decode(ArraySlice(value.utf8)).id
    }
}
