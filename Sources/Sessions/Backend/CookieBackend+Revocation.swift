// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions that end before their cookies do.
extension CookieBackend {
    var list: RevocationList? { self.configuration.revocations?.list }

    var retention: Duration { self.configuration.retention }

    /// How long a cookie is good after its session has moved and not been renewed since. Where every session moves that
    /// is to its end: a browser that the response did not reach comes again with what it has.
    private var graceOfMove: Duration { self.movesAll ? self.retention : self.configuration.renewalGrace }

    // MARK: - Opening

    func checkRevocation(
        of contents: TokenContents, from arrival: Date, logger: Logger?
    ) throws(TokenError) {
        guard let list = self.list else { return }
        let verdict = list.verdict(
            on: RevocationBearer(contents), from: arrival, at: self.clock.reading,
            grace: self.configuration.renewalGrace,
            graceOfMove: self.graceOfMove, keeping: self.retention)
        guard verdict != .live else { return }
        // The cookie from before a renewal, long after it: the visitor or a thief has a copy.
        if verdict == .replayed { self.observer.replayed(self.subject(contents), logger: logger) }
        throw TokenError(.revoked, signedAt: contents.signedAt)
    }

    /// Whether nothing has ended the session of a cookie; asking ends none.
    func isOnNoList(_ contents: TokenContents, arrival: Date) -> Bool {
        guard let list = self.list else { return true }
        let bearer = RevocationBearer(contents)
        return list.isLive(bearer, at: arrival, graceOfMove: self.graceOfMove)
    }

    /// Tells other processes that a replay has ended a session; if that fails, the next round in the background does
    /// it.
    func shareReplay(_ state: SessionState, logger: Logger?) async {
        guard case .refused = state.origin, let list = self.list, list.hasUnwritten else { return }
        do {
            try await list.flush(self.clock)
        } catch {
            _ = self.outage.failure(error, logger: logger)
        }
    }

    // MARK: - Committing

    /// A session that has nothing in it any more ends, and a copy of its cookie with it.
    func end(_ state: SessionState, logger: Logger?) async throws -> CookieAction {
        guard state.isModified else { return .none }
        guard let list = self.list, let opened = state.opened else { return .delete }
        let bearer = RevocationBearer(opened, exemption: state.mark)
        // A page that showed the last message does not end what goes on under another id.
        if !state.isDestroyed, !state.signsOut, list.isClosed(bearer, movingAgain: self.movesAll) {
            return self.dropped(state, logger: logger)
        }
        // One that had ended before: the browser may have another session by now.
        guard list.end(bearer, at: self.clock.reading, keeping: self.retention) else { return .none }
        try await self.share(list, logger: logger)
        if let id = opened.id { await self.overflow?.removeMoved(with: id, logger: logger) }
        return .delete
    }

    /// Notes that a session ends or gets another id, where it does; false when nothing may be written under its id any
    /// more.
    func recordChange(of state: SessionState, to id: SessionID?, logger: Logger?) async throws -> Bool {
        guard let list = self.list, let opened = state.opened else { return true }
        let bearer = RevocationBearer(opened, exemption: state.mark)
        let now = self.clock.reading
        if state.isDestroyed {
            guard list.end(bearer, at: now, keeping: self.retention) else { return true }
            if let id = opened.id { await self.overflow?.removeMoved(with: id, logger: logger) }
        } else {
            guard let id, let old = opened.id, id != old else { return !list.isClosed(bearer) }
            guard list.renew(bearer, to: id, isMove: false, at: now, keeping: self.retention) else { return false }
        }
        try await self.share(list, logger: logger)
        return true
    }

    /// What becomes of changes under an id that has been renewed, or has ended: a sign-out is done all the same, and
    /// ends what goes on under another id.
    func closed(_ state: SessionState, logger: Logger?) async throws -> CookieAction {
        guard state.signsOut, let list = self.list, let opened = state.opened,
            !list.hasEnded(RevocationBearer(opened, exemption: state.mark))
        else { return self.dropped(state, logger: logger) }
        return try await self.write(state.endedByRemoval, logger: logger)
    }

    /// Logging out wins: what a request in flight did to a session that has ended is not kept.
    func dropped(_ state: SessionState, logger: Logger?) -> CookieAction {
        guard state.isModified else { return .none }
        self.observer.dropped(
            SessionSubject(id: state.id, user: state.values.user), "changes to a session that has ended were dropped",
            logger: logger)
        return .none
    }

    func share(_ list: RevocationList, logger: Logger?) async throws {
        do {
            try await list.flush(self.clock)
        } catch {
            throw self.outage.failure(error, logger: logger)
        }
    }

    /// Makes sure that what other processes have ended by now is known.
    func learn(_ list: RevocationList, logger: Logger?) async throws {
        do {
            try await list.learn(self.clock)
        } catch {
            throw self.outage.failure(error, logger: logger)
        }
    }
}
