// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions that live in their cookie. Nothing is kept on the server, so nothing is read before a handler looks.
struct CookieBackend: SessionBackend {
    var coder: any TokenCoder
    let configuration: SessionConfiguration
    let clock: SessionClock
    let observer: SessionObserver
    let random: SessionRandom

    func rekeyed(_ keys: SecretKeys) -> any SessionBackend {
        var backend = self
        backend.coder = self.configuration.tokenCoder(keys: keys, random: self.random)
        return backend
    }

    func open(_ token: ArraySlice<UInt8>?, logger: Logger?) -> Session {
        guard let token, !token.isEmpty else { return Session(SessionState()) }
        return Session(SessionState(token: token) { self.contents(of: token, logger: logger) })
    }

    private func contents(of token: ArraySlice<UInt8>, logger: Logger?) -> TokenContents? {
        do throws(TokenError) {
            return try self.coder.decode(token, now: self.clock.seconds)
        } catch {
            self.observer.rejected(error, logger: logger)
            return nil
        }
    }

    /// Flask's decision table (`flask/sessions.py`, lines 337 to 385).
    func commit(_ session: Session, logger: Logger?) throws -> CookieAction {
        var state = session.snapshot
        if state.opening != nil {
            guard self.mayNeedRefresh(state) else { return .none }
            state = session.openQuietly()
        }
        if let failure = state.failures.values.first { throw failure }
        guard !state.values.isEmpty else { return state.isModified ? .delete : .none }
        guard state.isModified || self.needsRefresh(state) else { return .none }
        return try self.write(state)
    }

    // MARK: - Refreshing

    /// Whether an unopened session may have to be sent again; judged from the cookie's text, at next to no cost.
    private func mayNeedRefresh(_ state: SessionState) -> Bool {
        guard let token = state.token else { return false }
        if self.coder.mayBeOld(token) { return true }
        guard self.configuration.refresh != .never, let signedAt = self.coder.claimedTime(of: token),
            // Nothing brings back what has expired.
            self.clock.seconds - signedAt <= self.configuration.lifetime.idleSeconds
        else { return false }
        switch self.configuration.refresh {
        case .never: return false
        case .permanentOnEachRequest: return self.coder.mayContain(SessionState.permanentKey, in: token)
        case .afterTenthOfIdleTime: return self.isDue(signedAt)
        }
    }

    private func needsRefresh(_ state: SessionState) -> Bool {
        if state.opened?.isInOldFormat == true { return true }
        return switch self.configuration.refresh {
        case .never: false
        case .permanentOnEachRequest: state.isPermanent
        case .afterTenthOfIdleTime: state.opened.map { self.isDue($0.signedAt) } ?? false
        }
    }

    private func isDue(_ signedAt: Int) -> Bool {
        self.clock.seconds - signedAt >= max(self.configuration.lifetime.idleSeconds / 10, 1)
    }

    // MARK: - Writing

    private func write(_ state: SessionState) throws -> CookieAction {
        let now = self.clock.now()
        let continued = state.isDestroyed ? nil : state.opened
        let begins = continued == nil || state.restartsLimits
        let created = begins ? now.wholeSeconds : continued?.createdAt
        let contents = TokenContents(values: state.values, createdAt: created, signedAt: now.wholeSeconds)
        let token: [UInt8]
        do {
            token = try self.coder.encode(contents)
        } catch {
            throw SessionError(.unstorableValue, "The session cannot be stored: \(error).")
        }
        let value = String(decoding: token, as: UTF8.self)
        guard state.isPermanent else { return .set(value: value) }
        switch self.configuration.format {
        case .flask: return .set(value: value, expires: try self.configuration.lifetime.cookieExpiry(from: now))
        case .sealed, .signed:
            return .set(value: value, maxAge: self.maximumAge(created: created, now: now.wholeSeconds))
        }
    }

    private func maximumAge(created: Int?, now: Int) -> Int {
        let lifetime = self.configuration.lifetime
        let remaining = lifetime.absoluteSeconds.map { (created ?? now) + $0 - now }
        return min(lifetime.idleSeconds, remaining ?? .max, SessionLifetime.maximumCookieAge)
    }
}

extension SessionClock {
    /// The current second since 1970.
    var seconds: Int { self.now().wholeSeconds }
}

extension Date {
    fileprivate var wholeSeconds: Int { Int(self.timeIntervalSince1970.rounded(.down)) }
}
