// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions of which some live in their cookies and some in a store: the way from the one to the other.
///
/// What becomes of a session at the end of a request (``Destination``):
///
/// | It is in | to the store | to cookies |
/// |---|---|---|
/// | a cookie, and nothing looked at it | moves | stays as it is |
/// | a cookie | moves, changed or not | is sent again if it changed |
/// | a cookie that another request has moved, and not renewed since | moves once more | moves once more |
/// | a cookie whose session has ended or been renewed | its changes are dropped | its changes are dropped |
/// | the store | stays there | stays there |
/// | neither yet | begins in the store | begins in a cookie |
///
/// With a revocation list the cookie from before a move is good until it expires, because the response with the new
/// cookie may be lost, and for no longer than until the session ends or gets another secret or id. Without a list the
/// cookie stays good in any case.
struct MovingBackend: SessionBackend {
    /// Where sessions that are in a cookie, or begin, are written.
    enum Destination: Sendable {
        case store, cookies
    }

    let cookies: CookieBackend
    let store: StoreBackend
    let destination: Destination
    /// What ends with sessions that moved; nil without a revocation list.
    let moved: MovedSessions?

    init(_ cookies: CookieBackend, _ store: StoreBackend, to destination: Destination, moved: MovedSessions?) {
        self.cookies = cookies
        self.store = store
        self.destination = destination
        self.moved = moved
    }

    func rekeyed(_ keys: SecretKeys) -> any SessionBackend {
        MovingBackend(self.cookies.withKeys(keys), self.store.withKeys(keys), to: self.destination, moved: self.moved)
    }

    // MARK: - Opening

    var readsStoreToOpen: Bool { true }

    func open(_ token: ArraySlice<UInt8>?, arrival: Date, _ reporter: SessionReporter) async throws(SessionError)
        -> Session
    {
        guard let token, SessionTicketCoder.hasForm(of: token) else {
            return try await self.cookies.open(token, arrival: arrival, reporter)
        }
        do {
            try await self.moved?.ledger.prepare()
        } catch {
            return try self.store.access.session(after: error, reporter)
        }
        let session = try await self.store.open(token, arrival: arrival, reporter)
        guard let id = session.snapshot.stored?.record.id, self.hasEnded(id) else { return session }
        // The list forgets after some time, and the record must not outlive it.
        _ = try? await self.store.access.finishing(reporter) { try await self.store.store.remove(id) }
        reporter.rejected(TokenError(.revoked), of: SessionSubject(id: id))
        return Session(SessionState())
    }

    private func hasEnded(_ id: SessionID) -> Bool { self.moved?.ledger.hasEnded(id) ?? false }

    func verifies(_ token: ArraySlice<UInt8>) -> Bool {
        SessionTicketCoder.hasForm(of: token) ? self.store.verifies(token) : self.cookies.verifies(token)
    }

    func isLive(_ token: ArraySlice<UInt8>, arrival: Date) async -> Bool {
        guard SessionTicketCoder.hasForm(of: token) else {
            return await self.cookies.isLive(token, arrival: arrival)
        }
        do {
            try await self.moved?.ledger.prepare()
        } catch {
            // The opening says what is wrong.
            return true
        }
        guard let id = try? self.store.tickets.decode(token).id, !self.hasEnded(id) else { return false }
        return await self.store.isLive(token, arrival: arrival)
    }

    // MARK: - Committing

    func commit(_ session: Session, _ reporter: SessionReporter) async throws(SessionError) -> CookieAction {
        let state = session.snapshot
        if let stored = state.stored {
            return try await self.store.access.finishing(reporter) {
                try await self.commit(stored, state, session, reporter)
            }
        }
        return try await self.cookies.commit(session, always: self.destination == .store, reporter) { state in
            try await self.write(state, reporter)
        }
    }

    /// Commits a session that is in the store.
    private func commit(
        _ stored: StoredSession, _ state: SessionState, _ session: Session, _ reporter: SessionReporter
    ) async throws -> CookieAction {
        if !state.intent.isDestroyed {
            guard !self.hasEnded(stored.record.id) else { return try await self.dropped(stored, state, reporter) }
            if state.closesCookie { try await self.moved?.retireCookie(of: stored.record.id, reporter) }
        }
        return try await self.store.commit(session, reporter)
    }

    /// Drops changes to a session of which the list says that it has ended. Another process may have said so and not
    /// removed it yet: a request that signs out too must not be answered while a copy of its cookie still opens it.
    private func dropped(
        _ stored: StoredSession, _ state: SessionState, _ reporter: SessionReporter
    ) async throws -> CookieAction {
        if state.intent.isModified { try await self.store.store.remove(stored.record.id) }
        return self.cookies.dropped(state, reporter)
    }

    private func write(_ state: SessionState, _ reporter: SessionReporter) async throws -> CookieAction {
        let hasMoved = state.revocableCookie.map { self.moved?.ledger.hasMoved($0) ?? false } ?? false
        guard self.destination == .store || (hasMoved && !state.intent.isDestroyed) else {
            return try await self.cookies.write(state, reporter)
        }
        return try await self.move(state, reporter)
    }

    // MARK: - Moving

    /// Puts a session into the store, and its life in the cookie comes to an end.
    private func move(_ state: SessionState, _ reporter: SessionReporter) async throws -> CookieAction {
        let cookie = state.revocableCookie
        guard !state.intent.isDestroyed else { return try await self.begin(after: state, reporter) }
        if let cookie, let moved = self.moved, moved.ledger.isClosed(cookie) {
            return try await self.closed(state, moved, reporter)
        }
        return try await self.store.access.commit(state, hasWork: true, reporter) {
            let action = try await self.store.save(state, reporter)
            guard let moved = self.moved, let cookie else { return action }
            return try await self.leave(cookie, by: action, state, moved, reporter)
        }
    }

    /// Ends a session in its cookie, and begins another in the store.
    private func begin(after state: SessionState, _ reporter: SessionReporter) async throws -> CookieAction {
        let action = try await self.cookies.end(state, reporter)
        do {
            return try await self.store.access.commit(state, hasWork: true, reporter) {
                try await self.store.save(state, reporter)
            }
        } catch {
            // The list knows of the end, and will not tell it a second time.
            if self.cookies.ledger != nil { self.cookies.tell(action, of: state, reporter) }
            throw error
        }
    }

    /// Records on the revocation list that a session has left its cookie, once it is in the store.
    ///
    /// `revokeAll` writes the list, and then ends the sessions in the store. Here the session is stored, and then the
    /// list is read: so one of the two sees the other in any order. A sign-out of the cookie ends in the store only what
    /// the list says to have moved, so that the list is read once more after the move is on it.
    private func leave(
        _ cookie: RevocableCookie, by action: CookieAction, _ state: SessionState, _ moved: MovedSessions,
        _ reporter: SessionReporter
    ) async throws -> CookieAction {
        guard case .set(let ticket) = action, let id = ticket.id else {
            // The sign-in that moved was one too many.
            _ = moved.ledger.end(cookie)
            try await moved.ledger.flush()
            return action
        }
        do {
            try await moved.ledger.catchUp()
            if moved.ledger.move(cookie, to: id, isRenewal: state.closesCookie) {
                try await moved.ledger.flush()
                // Another process that ended the session meanwhile had not heard of the move. If its end cannot be heard
                // now, it refuses the session when that is opened.
                do { try await moved.ledger.catchUp() } catch { reporter.storeFailed(error) }
                if !moved.ledger.hasEnded(id) {
                    if state.closesCookie { await moved.removeRelatives(of: id, reporter) }
                    return action
                }
            }
        } catch {
            // No browser gets the ticket: a process that cannot know of the move would renew and leave the cookie good.
            try? await self.store.store.remove(id)
            throw error
        }
        try await self.store.store.remove(id)
        return try await self.closed(state, moved, reporter)
    }

    private func closed(
        _ state: SessionState, _ moved: MovedSessions, _ reporter: SessionReporter
    ) async throws -> CookieAction {
        try await self.cookies.closed(state, moved.ledger, reporter) { try await self.move($0, reporter) }
    }
}
