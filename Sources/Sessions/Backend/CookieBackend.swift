// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions that live in their cookie. Nothing is kept on the server, so nothing is read before a handler looks.
///
/// One thing may be kept all the same: which sessions have ended before their cookies.
final class CookieBackend: SessionBackend {
    private let settings: CookieSessions
    let coder: any TokenCoder
    private let cookieForm: SessionCookieForm
    let configuration: SessionConfiguration
    let clock: SessionClock
    let random: SessionRandom
    /// The revocation list; nil where copies of a cookie are good until they expire.
    let ledger: (any CookieLedger)?
    /// Where the sessions of cookies may have gone on in a store.
    let listener: (any EndListener)?

    init(
        _ settings: CookieSessions, keys: SecretKeys, configuration: SessionConfiguration, clock: SessionClock,
        random: SessionRandom, ledger: (any CookieLedger)?, listener: (any EndListener)?
    ) {
        self.settings = settings
        self.coder = configuration.tokenCoder(
            settings.format, accepting: settings.accepted, keys: keys, random: random)
        self.cookieForm = SessionCookieForm(configuration.cookie)
        self.configuration = configuration
        self.clock = clock
        self.random = random
        self.ledger = ledger
        self.listener = listener
    }

    func rekeyed(_ keys: SecretKeys) -> any SessionBackend { self.withKeys(keys) }

    func withKeys(_ keys: SecretKeys) -> CookieBackend {
        CookieBackend(
            self.settings, keys: keys, configuration: self.configuration, clock: self.clock, random: self.random,
            ledger: self.ledger, listener: self.listener)
    }

    // MARK: - Opening

    var readsStoreToOpen: Bool { self.ledger?.isShared == true }

    func open(_ token: ArraySlice<UInt8>?, arrival: Date, _ reporter: SessionReporter) async throws(SessionError)
        -> Session
    {
        guard let token, !token.isEmpty else { return Session(SessionState()) }
        do {
            try await self.ledger?.prepare()
        } catch {
            return try self.access.session(after: error, reporter)
        }
        // The handler may look much later than the cookie came.
        let opening = SessionOpening(token: token) { () throws(CookieRefusal) in
            let contents: TokenContents
            do throws(TokenError) {
                contents = try self.coder.decode(token, now: self.clock.seconds)
            } catch {
                throw CookieRefusal(error)
            }
            if let ledger = self.ledger { try self.judge(contents, arrival: arrival, ledger, reporter) }
            return contents
        } refuse: {
            reporter.rejected($0.reason, of: SessionSubject(id: $0.session?.id, user: $0.session?.values.user))
        }
        return Session(SessionState(.unopened(opening)))
    }

    // MARK: - Committing

    func commit(_ session: Session, _ reporter: SessionReporter) async throws(SessionError) -> CookieAction {
        try await self.commit(session, always: false, reporter) { try await self.write($0, reporter) }
    }

    /// Flask's decision table (`flask/sessions.py`, lines 337 to 385).
    ///
    /// - Parameters:
    ///   - always: Whether a session that did not change is written too, because it must leave its cookie.
    ///   - write: Writes a session that is not empty.
    func commit(
        _ session: Session, always: Bool, _ reporter: SessionReporter,
        write: @escaping @Sendable (SessionState) async throws -> CookieAction
    ) async throws(SessionError) -> CookieAction {
        let now = self.clock.seconds
        guard always || session.withState({ self.mayHaveWork($0, at: now) }) else { return .none }
        var state = session.snapshot
        if let unavailable = state.unavailable {
            guard state.hasRefusedChange else { return .none }
            throw unavailable
        }
        if let opening = state.opening {
            guard
                always || (state.intent.countsAsUse && self.mayRefreshUnread(opening.token))
                    || self.coder.mayBeOld(opening.token)
            else { return .none }
            state = session.openQuietly()
        }
        let action: CookieAction
        if self.listener == nil, self.ledger?.isShared != true, !always {
            // There is nothing to wait for that a cancellation could stop.
            do {
                action = try await self.settle(session, state, always: always, reporter, write: write)
            } catch {
                throw error as? SessionError ?? self.access.failure(after: error, reporter)
            }
        } else {
            action = try await self.access.finishing(reporter) { [state] in
                await self.tellReplay(state, reporter)
                return try await self.settle(session, state, always: always, reporter, write: write)
            }
        }
        self.tell(action, of: state, reporter)
        return action
    }

    /// False where a request has read its session, and nothing is left to do.
    private func mayHaveWork(_ state: SessionState, at now: Int) -> Bool {
        guard case .found = state.origin, !state.intent.isModified, state.intent.failures.isEmpty else { return true }
        return self.needsRefresh(state, at: now)
    }

    private func settle(
        _ session: Session, _ state: SessionState, always: Bool, _ reporter: SessionReporter,
        write: (SessionState) async throws -> CookieAction
    ) async throws -> CookieAction {
        do {
            if let failure = state.intent.failures.values.first { throw failure }
            return try await self.settle(state, always: always, reporter, write: write)
        } catch let error as SessionError where error.isAboutContents {
            // A cookie that was accepted would be too large in the new format: every page would be an error.
            guard state.intent.isModified || !state.intent.failures.isEmpty else {
                reporter.leftAsItIs(error)
                return .none
            }
            try await self.keepEnds(of: session, state, reporter, write: write)
            throw error
        }
    }

    private func settle(
        _ state: SessionState, always: Bool, _ reporter: SessionReporter,
        write: (SessionState) async throws -> CookieAction
    ) async throws -> CookieAction {
        guard !state.values.isEmpty else { return try await self.end(state, reporter) }
        let leaves = always && state.opened != nil
        guard state.intent.isModified || leaves || self.needsRefresh(state, at: self.clock.seconds) else {
            return .none
        }
        return try await write(state)
    }

    // MARK: - Refreshing

    /// It is told from the format of the cookie, and from the time at which it was signed, which a sealed cookie does not
    /// show. So a request that does not look at a sealed session pays nothing for it, and is no use of it.
    func mayRefreshUnread(_ token: ArraySlice<UInt8>) -> Bool {
        if self.coder.mayBeOld(token) { return true }
        guard self.configuration.refresh != .never, let signedAt = self.coder.claimedTime(of: token),
            // Nothing brings back what has expired.
            self.clock.seconds - signedAt <= self.configuration.lifetime.idleSeconds
        else { return false }
        switch self.configuration.refresh {
        case .never: return false
        case .permanentOnEachRequest:
            return (self.settings.format == .flask || self.isDue(signedAt, at: self.clock.seconds))
                && self.coder.mayContain(SessionState.permanentKey, in: token)
        case .afterTenthOfIdleTime: return self.isDue(signedAt, at: self.clock.seconds)
        }
    }

    private func needsRefresh(_ state: SessionState, at now: Int) -> Bool {
        let opened = state.opened
        if opened?.isInOldFormat == true { return true }
        guard state.isUse else { return false }
        let isDue = opened.map { self.isDue($0.signedAt, at: now) } ?? false
        return switch self.configuration.refresh {
        case .never: false
        // Flask sends it with the response to a request that never looks at the session too, for a static file for one.
        case .permanentOnEachRequest:
            state.isPermanent && (state.isAccessed || isDue || self.settings.format == .flask)
        case .afterTenthOfIdleTime: isDue
        }
    }

    private func isDue(_ signedAt: Int, at now: Int) -> Bool {
        now - signedAt >= max(self.configuration.lifetime.idleSeconds / 10, 1)
    }

    // MARK: - Writing

    func write(_ state: SessionState, _ reporter: SessionReporter) async throws -> CookieAction {
        let now = self.clock.now()
        let contents = self.contents(of: state, at: now)
        let cookie = try self.cookie(of: contents, at: now)
        if let ledger = self.ledger {
            guard try await self.record(state, id: contents.id, in: ledger, reporter) else {
                return try await self.closed(state, ledger, reporter) { try await self.write($0, reporter) }
            }
        }
        return .set(cookie)
    }

    /// The contents of the next cookie.
    private func contents(of state: SessionState, at now: Date) -> TokenContents {
        let continued = state.intent.isDestroyed ? nil : state.opened
        let begins = continued == nil || state.intent.restartsLimits
        var contents = TokenContents(
            values: state.values, createdAt: begins ? now.wholeSeconds : continued?.createdAt,
            signedAt: self.isUse(state) ? now.wholeSeconds : continued?.signedAt ?? now.wholeSeconds)
        guard self.settings.format == .sealed else { return contents }
        contents.id = (state.closesCookie ? nil : continued?.id) ?? SessionID(using: self.random)
        contents.idMadeAt = self.idMadeAt(state, continued, now)
        return contents
    }

    /// A cookie that does not say when its session began is a use, whatever the application says, when it gets a format
    /// that does: the session begins with that, and cannot have been used before.
    private func isUse(_ state: SessionState) -> Bool {
        state.isUse || (state.opened?.createdAt == nil && self.settings.format != .flask)
    }

    /// `revokeAll` ends the sessions whose ids were made before it. A renewal for the same user must not make the id
    /// look younger, or a process that has not read the list yet could carry a revoked session across. Only a new proof
    /// of identity may.
    private func idMadeAt(_ state: SessionState, _ continued: TokenContents?, _ now: Date) -> Int {
        if let revokedAt = state.intent.revokedOthersAt { return max(now.milliseconds, revokedAt + 1) }
        if let continued, !state.changesUser, !state.intent.restartsLimits {
            return continued.idMadeAt ?? continued.signedAt * 1000
        }
        return self.ledger?.creationTime(for: state.values.user, at: now) ?? now.milliseconds
    }

    private func cookie(of contents: TokenContents, at now: Date) throws(SessionError) -> SentCookie {
        let token: [UInt8]
        do {
            token = try self.coder.encode(contents)
        } catch let error as SessionError {
            throw error
        } catch {
            throw .unstorable(contents.values, error) { try TaggedJSON.encode(.dictionary($0)) }
        }
        let (expires, maxAge) = try self.browserLifetime(of: contents, at: now)
        return try SentCookie(
            String(decoding: token, as: UTF8.self), expires: expires, maxAge: maxAge, id: contents.id,
            as: self.cookieForm)
    }

    /// How long the browser keeps a permanent session's cookie; nothing for another, which goes when it closes.
    private func browserLifetime(
        of contents: TokenContents, at now: Date
    ) throws(SessionError) -> (expires: Int?, maxAge: Int?) {
        guard contents.values.isPermanent else { return (nil, nil) }
        let lifetime = self.configuration.lifetime
        guard self.settings.format != .flask else {
            let lastUse = Date(milliseconds: contents.signedAt * 1000)
            return (try lifetime.cookieExpiry(from: contents.signedAt < now.wholeSeconds ? lastUse : now), nil)
        }
        let idle = contents.signedAt + lifetime.idleSeconds - now.wholeSeconds
        let remaining = lifetime.absoluteSeconds.map {
            (contents.createdAt ?? now.wholeSeconds) + $0 - now.wholeSeconds
        }
        return (nil, min(idle, remaining ?? .max, SessionLifetime.maximumCookieAge))
    }

    var access: StoreAccess { StoreAccess(policy: self.configuration.outagePolicy) }

    // MARK: - Telling

    /// Sending the cookie is the write. A session that went into a store was told of when it was written there.
    func tell(_ action: CookieAction, of state: SessionState, _ reporter: SessionReporter) {
        let cookie: SentCookie?
        switch action {
        case .none: return
        case .set(let sent) where sent.isTicket: return
        case .set(let sent): cookie = sent
        case .delete: cookie = nil
        }
        guard state.intent.isModified else { return }
        let before = state.opened.map(SessionSubject.init)
        let isContinued =
            cookie != nil && !state.intent.isDestroyed && (self.ledger == nil || !self.hasEndedByRemoval(state))
        if let before, !isContinued { reporter.ended(before) }
        guard let cookie else { return }
        let subject = SessionSubject(id: cookie.id, user: state.values.user)
        guard let before, isContinued else { return reporter.created(subject) }
        if state.intent.wantsRenewal || cookie.id != before.id { reporter.renewed(subject) }
        reporter.user(was: before.user, of: subject, isProof: state.intent.restartsLimits)
    }
}

extension SessionSubject {
    init(_ contents: TokenContents) {
        self.init(id: contents.id, user: contents.values.user)
    }
}
