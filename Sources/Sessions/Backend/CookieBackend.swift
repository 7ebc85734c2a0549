// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions that live in their cookie. Nothing is kept on the server, so nothing is read before a handler looks.
///
/// Two things may be kept all the same: which sessions have ended before their cookies, and contents too large for a
/// cookie.
struct CookieBackend: SessionBackend {
    var coder: any TokenCoder
    let configuration: SessionConfiguration
    let clock: SessionClock
    let random: SessionRandom
    let observer: SessionObserver
    /// Where contents too large for a cookie go.
    var overflow: StoreBackend?
    /// Whether all contents go there.
    var movesAll = false

    func rekeyed(_ keys: SecretKeys) -> any SessionBackend { self.withKeys(keys) }

    func withKeys(_ keys: SecretKeys) -> CookieBackend {
        var backend = self
        backend.coder = self.configuration.tokenCoder(keys: keys, random: self.random)
        backend.overflow = self.overflow?.withKeys(keys)
        return backend
    }

    var readsStoreToOpen: Bool { self.overflow != nil || self.list?.isShared == true }

    func open(_ token: ArraySlice<UInt8>?, arrival: Date, logger: Logger?) async throws -> Session {
        guard let token, !token.isEmpty else { return Session(SessionState()) }
        do {
            try await self.list?.prepare(self.clock)
        } catch {
            return try self.outage.session(after: error, logger: logger)
        }
        if let overflow = self.overflow, SessionTicketCoder.hasForm(of: token) {
            return try await self.openStored(token, arrival: arrival, in: overflow, logger: logger)
        }
        let opening = SessionOpening(token: token) { () throws(TokenError) in
            try self.contents(of: token, from: arrival, logger: logger)
        } refuse: {
            self.observer.rejected($0, logger: logger)
        }
        return Session(SessionState(.unopened(opening)))
    }

    /// - Parameter arrival: When the cookie came; the handler may look much later.
    private func contents(
        of token: ArraySlice<UInt8>, from arrival: Date, logger: Logger?
    ) throws(TokenError) -> TokenContents {
        let contents = try self.coder.decode(token, now: self.clock.seconds)
        try self.checkRevocation(of: contents, from: arrival, logger: logger)
        return contents
    }

    /// Flask's decision table (`flask/sessions.py`, lines 337 to 385).
    func commit(_ session: Session, logger: Logger?) async throws -> CookieAction {
        var state = session.snapshot
        if let unavailable = state.unavailable {
            guard state.hasRefusedChange else { return .none }
            throw unavailable
        }
        if state.opening != nil {
            guard self.mayNeedRefresh(state) else { return .none }
            state = session.openQuietly()
        }
        // Without a list and a store there is nothing to wait for that a cancellation could stop.
        guard self.list != nil || self.overflow != nil else { return try await self.settled(state, logger: logger) }
        return try await self.outage.finishing(logger) { [state] in
            if state.stored != nil, let overflow = self.overflow {
                return try await self.commitStored(session, state, in: overflow, logger: logger)
            }
            await self.shareReplay(state, logger: logger)
            return try await self.settled(state, logger: logger)
        }
    }

    private func settled(_ state: SessionState, logger: Logger?) async throws -> CookieAction {
        if let failure = state.failures.values.first {
            // A value that cannot be stored must not undo a sign-out.
            if state.isDestroyed || state.signsOut { _ = try await self.end(state, logger: logger) }
            throw failure
        }
        guard !state.values.isEmpty else { return try await self.end(state, logger: logger) }
        guard state.isModified || self.needsRefresh(state) else { return .none }
        return try await self.write(state, logger: logger)
    }

    // MARK: - Refreshing

    /// Whether an unopened session may have to be sent again. A signed cookie says when it was signed in clear text; of a
    /// sealed one the seal is opened for that, and the contents are not read.
    private func mayNeedRefresh(_ state: SessionState) -> Bool {
        guard let token = state.opening?.token else { return false }
        if self.movesAll || self.coder.mayBeOld(token) { return true }
        guard state.countsAsUse, self.configuration.refresh != .never, let signedAt = self.coder.claimedTime(of: token),
            // Nothing brings back what has expired.
            self.clock.seconds - signedAt <= self.configuration.lifetime.idleSeconds
        else { return false }
        switch self.configuration.refresh {
        case .never: return false
        case .permanentOnEachRequest:
            return (self.configuration.format == .flask || self.isDue(signedAt))
                && self.coder.mayContain(SessionState.permanentKey, in: token)
        case .afterTenthOfIdleTime: return self.isDue(signedAt)
        }
    }

    private func needsRefresh(_ state: SessionState) -> Bool {
        if let opened = state.opened, self.movesAll || opened.isInOldFormat { return true }
        guard state.isUse else { return false }
        let isDue = state.opened.map { self.isDue($0.signedAt) } ?? false
        return switch self.configuration.refresh {
        case .never: false
        // Flask sends it with what never looks at the session too, static files among them.
        case .permanentOnEachRequest:
            state.isPermanent && (state.isAccessed || isDue || self.configuration.format == .flask)
        case .afterTenthOfIdleTime: isDue
        }
    }

    private func isDue(_ signedAt: Int) -> Bool {
        self.clock.seconds - signedAt >= max(self.configuration.lifetime.idleSeconds / 10, 1)
    }

    // MARK: - Writing

    func write(_ state: SessionState, logger: Logger?) async throws -> CookieAction {
        if self.movesAll, let overflow = self.overflow {
            return try await self.move(state, into: overflow, logger: logger)
        }
        let now = self.clock.now()
        let contents = self.contents(of: state, at: now)
        let action = try self.action(setting: contents, at: now)
        if let cookie = self.tooLarge(action) {
            if let overflow = self.overflow { return try await self.move(state, into: overflow, logger: logger) }
            if let refusal = self.configuration.cookie.refusal(of: cookie) { throw refusal }
        }
        guard try await self.recordChange(of: state, to: contents.id, logger: logger) else {
            return try await self.closed(state, logger: logger)
        }
        return action
    }

    /// The contents of the next cookie.
    private func contents(of state: SessionState, at now: Date) -> TokenContents {
        let continued = state.isDestroyed ? nil : state.opened
        let begins = continued == nil || state.restartsLimits
        var contents = TokenContents(
            values: state.values, createdAt: begins ? now.wholeSeconds : continued?.createdAt,
            signedAt: self.isUse(state) ? now.wholeSeconds : continued?.signedAt ?? now.wholeSeconds)
        guard self.configuration.format == .sealed else { return contents }
        let keepsID = !state.wantsRenewal && !state.changesUser
        contents.id = (keepsID ? continued?.id : nil) ?? SessionID(using: self.random)
        contents.idMadeAt = self.idMadeAt(state, continued, now)
        return contents
    }

    /// A cookie that does not say when its session began is a use, whatever the application says, when it gets a format
    /// that does: the session begins with that, and cannot have been used before.
    private func isUse(_ state: SessionState) -> Bool {
        state.isUse || (state.opened?.createdAt == nil && self.configuration.format != .flask)
    }

    /// A renewal for the same user keeps the time, unless the user has proved who they are: a process that does not
    /// know yet that all sessions of the user have ended would otherwise give it a new life.
    private func idMadeAt(_ state: SessionState, _ continued: TokenContents?, _ now: Date) -> Int {
        if let mark = state.mark { return max(now.milliseconds, mark + 1) }
        if let continued, !state.changesUser, !state.restartsLimits {
            return continued.idMadeAt ?? continued.signedAt * 1000
        }
        return self.list?.moment(for: state.values.user, at: now) ?? now.milliseconds
    }

    private func action(setting contents: TokenContents, at now: Date) throws -> CookieAction {
        let token: [UInt8]
        do {
            token = try self.coder.encode(contents)
        } catch {
            throw SessionError(.unstorableValue, "The session cannot be stored: \(error).")
        }
        let value = String(decoding: token, as: UTF8.self)
        guard contents.values.isPermanent else { return .set(value: value, id: contents.id) }
        switch self.configuration.format {
        case .flask:
            let lastUse = Date(milliseconds: contents.signedAt * 1000)
            let start = contents.signedAt < now.wholeSeconds ? lastUse : now
            return .set(value: value, expires: try self.configuration.lifetime.cookieExpiry(from: start))
        case .sealed, .signed:
            let maxAge = self.maximumAge(of: contents, now: now.wholeSeconds)
            return .set(value: value, maxAge: maxAge, id: contents.id)
        }
    }

    /// The cookie of an action, if it is over the limit.
    private func tooLarge(_ action: CookieAction) -> SetCookie? {
        guard case .set(let value, let expires, let maxAge, _) = action else { return nil }
        let cookie = self.configuration.cookie.setting(value, expires: expires, maxAge: maxAge)
        return self.configuration.cookie.isTooLarge(cookie) ? cookie : nil
    }

    var outage: StoreOutage { StoreOutage(policy: self.configuration.outagePolicy, observer: self.observer) }

    private func maximumAge(of contents: TokenContents, now: Int) -> Int {
        let lifetime = self.configuration.lifetime
        let idle = contents.signedAt + lifetime.idleSeconds - now
        let remaining = lifetime.absoluteSeconds.map { (contents.createdAt ?? now) + $0 - now }
        return min(idle, remaining ?? .max, SessionLifetime.maximumCookieAge)
    }
}
