// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions that end before their cookies do, where a revocation list remembers it.
extension CookieBackend {
    // MARK: - Opening

    func judge(
        _ contents: TokenContents, arrival: Date, _ ledger: any CookieLedger, _ reporter: SessionReporter
    ) throws(CookieRefusal) {
        let verdict = ledger.judge(RevocableCookie(contents), arrival: arrival)
        guard verdict != .live else { return }
        // The cookie from before a renewal, long after it: the visitor or a thief has a copy.
        if verdict == .replayed { reporter.replayed(SessionSubject(contents)) }
        throw CookieRefusal(TokenError(.revoked, signedAt: contents.signedAt), of: contents)
    }

    /// Tells other processes that a replay has ended a session. After a failure the next round does it.
    func tellReplay(_ state: SessionState, _ reporter: SessionReporter) async {
        guard case .refused = state.origin, let ledger = self.ledger else { return }
        do {
            try await ledger.flush()
        } catch {
            self.access.report(error, reporter)
        }
    }

    // MARK: - Committing

    /// A session that has nothing in it any more ends, and a copy of its cookie with it.
    func end(_ state: SessionState, _ reporter: SessionReporter) async throws -> CookieAction {
        guard state.intent.isModified else { return .none }
        guard let ledger = self.ledger, let cookie = state.revocableCookie else { return .delete }
        // A page that showed the last message does not end a session that goes on under another id.
        if !state.intent.isDestroyed, !state.signsOut, ledger.isClosed(cookie) { return self.dropped(state, reporter) }
        // The session had ended before: the browser may have another session by now.
        guard try await self.end(cookie, in: ledger, reporter) else { return .none }
        return .delete
    }

    /// Does what a request has ended although what it has set cannot be stored: a value must not undo a sign-out, and who
    /// has ended all other sessions must not lose this one with them. The cookie goes out with the error.
    func keepEnds(
        of session: Session, _ state: SessionState, _ reporter: SessionReporter,
        write: (SessionState) async throws -> CookieAction
    ) async throws {
        let kept: (state: SessionState, action: CookieAction)
        if state.intent.isDestroyed || state.signsOut {
            kept = (state, try await self.end(state, reporter))
        } else if state.intent.revokedOthersAt != nil, state.opened != nil {
            kept = (state.renewedAsFound, try await write(state.renewedAsFound))
        } else {
            return
        }
        self.tell(kept.action, of: kept.state, reporter)
        session.withState { $0.actionAfterFailure = kept.action }
    }

    /// Ends a session and everything that came of its cookie; false when it has ended before.
    private func end(
        _ cookie: RevocableCookie, in ledger: any CookieLedger, _ reporter: SessionReporter
    ) async throws -> Bool {
        let isFirst = ledger.end(cookie)
        guard let listener = self.listener, let id = cookie.sessionID else {
            try await ledger.flush()
            return isFirst
        }
        // The listener tells other processes too. A second flush could fail after the session has ended.
        try await listener.ended(id, reporter)
        return isFirst
    }

    /// Records that the session of the request's cookie ends or goes on under another id, where it does; false when
    /// nothing may be written under its id any more.
    func record(
        _ state: SessionState, id: SessionID?, in ledger: any CookieLedger, _ reporter: SessionReporter
    ) async throws -> Bool {
        guard let cookie = state.revocableCookie else { return true }
        if state.intent.isDestroyed {
            _ = try await self.end(cookie, in: ledger, reporter)
            return true
        }
        guard let id, let old = cookie.sessionID, id != old else { return !ledger.isClosed(cookie) }
        guard ledger.renew(cookie, to: id) else { return false }
        try await ledger.flush()
        return true
    }

    /// What becomes of changes under an id that has been renewed, or has ended: a sign-out is done all the same, and
    /// ends the session that goes on under another id.
    func closed(
        _ state: SessionState, _ ledger: any CookieLedger, _ reporter: SessionReporter,
        write: (SessionState) async throws -> CookieAction
    ) async throws -> CookieAction {
        guard state.signsOut, let cookie = state.revocableCookie else { return self.dropped(state, reporter) }
        guard !ledger.hasEnded(cookie) else {
            _ = try await self.end(cookie, in: ledger, reporter)
            return self.dropped(state, reporter)
        }
        return try await write(state.endedByRemoval)
    }

    /// Logging out wins: what a request in flight did to a session that has ended is not kept.
    func dropped(_ state: SessionState, _ reporter: SessionReporter) -> CookieAction {
        guard state.intent.isModified else { return .none }
        reporter.dropped(
            SessionSubject(id: state.id, user: state.values.user), "changes to a session that has ended were dropped")
        return .none
    }

    /// Whether a sign-out by removal has ended the session although its id had been renewed.
    func hasEndedByRemoval(_ state: SessionState) -> Bool {
        guard state.signsOut, let ledger = self.ledger, let cookie = state.revocableCookie else { return false }
        return ledger.hasEnded(cookie)
    }
}

extension SessionState {
    /// What the revocation list knows the request's cookie by; nil when the cookie held no session.
    var revocableCookie: RevocableCookie? {
        self.opened.map { RevocableCookie($0, exemption: self.intent.revokedOthersAt) }
    }
}
