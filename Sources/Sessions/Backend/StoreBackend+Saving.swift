// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a session is saved: written if no other request has written in the meantime, and merged if one has.
extension StoreBackend {
    func save(_ state: SessionState, _ reporter: SessionReporter) async throws -> CookieAction {
        guard let stored = state.stored else { return try await self.create(state, reporter) }
        guard !state.intent.isDestroyed else {
            try await self.end(stored, reporter)
            return try await self.create(state, reporter)
        }
        return try await self.update(stored, state, reporter)
    }

    // MARK: - A new session

    private func create(_ state: SessionState, _ reporter: SessionReporter) async throws -> CookieAction {
        guard !state.values.isEmpty else {
            self.tellEndInCookie(state, reporter)
            return .delete
        }
        // One that comes in a cookie is signed in already, and no further sign-in.
        let isSignIn = state.intent.isDestroyed || state.opened == nil || state.changesUser
        // Two ids of 128 random bits meet once in an age, and a generator that repeats itself must not hang the server.
        for _ in 0..<3 {
            let ticket = SessionTicket(id: SessionID(using: self.random), secret: SessionSecret(using: self.random))
            let record = try self.newRecord(ticket, state)
            // Before it is written: a record whose cookie is refused would be left over.
            let cookie = try self.cookie(ticket, record, isPermanent: state.isPermanent)
            if isSignIn { try await self.checkLimit(before: record, over: nil) }
            if try await self.store.write(record, replacing: nil, at: self.now) {
                if isSignIn, try await !self.enforceLimit(after: record, over: nil, reporter) { return .delete }
                self.tellCreated(record, state, reporter)
                return cookie
            }
        }
        throw StoreFault.takenIDs
    }

    private func newRecord(_ ticket: SessionTicket, _ state: SessionState) throws -> SessionRecord {
        let now = self.now
        let beginning = Self.beginning(of: state) ?? now
        let lifetime = self.limits(state.intent) ?? self.configuration.lifetime
        // Changes that were taken back are not written with the session that moves here.
        let values = state.intent.isModified ? state.values : state.opened?.values ?? state.values
        let contents = try self.contents.encode(values, id: ticket.id)
        try StoreAccess.check(contents, limit: self.settings.sizeLimit)
        var record = SessionRecord(
            id: ticket.id, secretHash: ticket.secret.hash, contents: contents, createdAt: beginning, renewedAt: now,
            lastUsedAt: Self.lastUse(of: state) ?? now, idleTimeout: lifetime.idle,
            absoluteEnd: lifetime.absolute.map(beginning.adding))
        record.follow(values, state, at: now)
        return record
    }

    /// The limits that the request gives to a session; nil when it leaves them as they are.
    private func limits(_ intent: SessionIntent) -> SessionLifetime? {
        switch intent.limits {
        case .asBefore: nil
        case .configured: self.configuration.lifetime
        case .own(let lifetime): lifetime
        }
    }

    /// When a session that moves here from its cookie began, as far as that says; nil for one that begins now.
    private static func beginning(of state: SessionState) -> Date? {
        guard !state.intent.isDestroyed, let opened = state.opened else { return nil }
        return opened.createdAt.map { Date(milliseconds: $0 * 1000) }
    }

    /// When a session that moves here was last used, if this request is no use of it; nil for now.
    private static func lastUse(of state: SessionState) -> Date? {
        guard !state.isUse, let opened = state.opened else { return nil }
        return Date(milliseconds: opened.signedAt * 1000)
    }

    // MARK: - A session that exists

    private func update(
        _ stored: StoredSession, _ state: SessionState, _ reporter: SessionReporter
    ) async throws -> CookieAction {
        if let action = try await self.attempt(stored.record, state.values, stored, state, reporter) { return action }
        guard state.intent.isModified else { return try await self.noteUse(stored, state, reporter) }
        // Requests of this process line up, or a crowd of them would undo each other's attempts.
        await self.turns.take(stored.record.id)
        defer { self.turns.pass(stored.record.id) }
        return try await self.merge(stored, state, reporter)
    }

    /// Another request wrote. Having only been used, this request has nothing that needs saving, unless the other one
    /// was no use of the session: a page that polls.
    private func noteUse(
        _ stored: StoredSession, _ state: SessionState, _ reporter: SessionReporter
    ) async throws -> CookieAction {
        guard state.isUse, let record = try await self.store.read(stored.record.id, at: self.now),
            Self.admitted(stored.secret, to: record), self.isTouchDue(record, at: self.now)
        else { return .none }
        let values = try self.remade(state.intent.changes, on: record)
        return try await self.attempt(record, values, stored, state, reporter) ?? .none
    }

    /// Makes this request's changes on what others have written, until no other process comes in between.
    private func merge(
        _ stored: StoredSession, _ state: SessionState, _ reporter: SessionReporter
    ) async throws -> CookieAction {
        var (conflicts, stalls, version) = (0, 0, stored.record.version)
        while true {
            guard let record = try await self.store.read(stored.record.id, at: self.now) else {
                // No write that was sent before it expired brings it back, and its cookie has brought no other that lives.
                if state.signsOut { try await self.remove(stored, reporter) }
                return self.dropped(stored, "changes to a session that has ended were dropped", reporter)
            }
            guard Self.admitted(stored.secret, to: record) else {
                // A renewal does not undo a sign-out.
                if state.signsOut { return try await self.save(state.endedByRemoval, reporter) }
                return self.dropped(stored, "changes made with a replaced secret were dropped", reporter)
            }
            stalls = record.version == version ? stalls + 1 : 0
            guard stalls < Self.maximumStalls else { throw StoreFault.refusal }
            version = record.version
            let values = try self.remade(state.intent.changes, on: record)
            if let action = try await self.attempt(record, values, stored, state, reporter) {
                if case .delete = action { return action }
                reporter.conflict(SessionSubject(record))
                return action
            }
            conflicts += 1
            await self.wait(after: conflicts)
        }
    }

    /// Writes if the record is still there in this version; nil when it is not.
    private func attempt(
        _ record: SessionRecord, _ values: SessionDictionary, _ stored: StoredSession, _ state: SessionState,
        _ reporter: SessionReporter
    ) async throws -> CookieAction? {
        if state.intent.isModified, values.isEmpty {
            guard try await self.store.remove(record.id, ifVersion: record.version) else { return nil }
            reporter.ended(SessionSubject(record))
            try await self.listener?.ended(record.id, reporter)
            return .delete
        }
        let (next, ticket) = try self.successor(of: record, values: values, stored, state, at: self.now)
        let action = try self.cookie(after: next, ticket: ticket, values: values, stored, state)
        let isLimited = self.settings.sessionLimit != nil
        if isLimited { try await self.checkLimit(before: next, over: record) }
        guard try await self.store.write(next, replacing: record.version, at: self.now) else { return nil }
        if isLimited, try await !self.enforceLimit(after: next, over: record, reporter) { return .delete }
        if ticket != nil { reporter.renewed(SessionSubject(next)) }
        reporter.user(was: record.user, of: SessionSubject(next), isProof: state.intent.restartsLimits)
        return action
    }

    /// The record to write, and the ticket to send if it has a new secret.
    private func successor(
        of record: SessionRecord, values: SessionDictionary, _ stored: StoredSession, _ state: SessionState,
        at now: Date
    ) throws -> (SessionRecord, SessionTicket?) {
        guard record.hasFurtherVersions else { throw StoreFault.lastVersion }
        var next = record
        next.version += 1
        if state.isUse { next.lastUsedAt = max(now, record.lastUsedAt) }
        // What an old key encrypted would end with it.
        if state.intent.isModified || self.contents.haveOtherKey(record.contents, id: record.id) {
            let kept = state.intent.isModified ? nil : self.contents.decode(record.contents, id: record.id)
            next.contents = try self.contents.encode(kept ?? values, id: record.id)
            if state.intent.isModified {
                try StoreAccess.check(
                    next.contents, limit: self.settings.sizeLimit, replacing: record.contents.count)
            }
        }
        if state.intent.isModified { next.follow(values, state, at: now) }
        if let lifetime = self.limits(state.intent) {
            next.idleTimeout = lifetime.idle
            next.absoluteEnd = lifetime.absolute.map(next.createdAt.adding)
        }
        // Another user has another secret, however the user came about.
        let isAsked = state.intent.wantsRenewal || !SessionUser.isSame(next.user, record.user)
        guard isAsked || (self.isRenewalDue(stored, at: now) && stored.secret.matches(record.secretHash)) else {
            return (next, nil)
        }
        let ticket = self.renew(&next, isAsked: isAsked, at: now)
        return (next, ticket)
    }

    /// This request's changes, made on what another one wrote in the meantime.
    private func remade(_ changes: [SessionChange], on record: SessionRecord) throws -> SessionDictionary {
        guard var values = self.contents.decode(record.contents, id: record.id) else {
            throw StoreFault.unreadableContents
        }
        for change in changes {
            do {
                try change.apply(to: &values)
            } catch {
                throw error as? SessionError ?? .unencodable(change.key, error)
            }
        }
        return values
    }

    /// Logging out wins: what a request in flight did to a session that has ended is not kept.
    private func dropped(
        _ stored: StoredSession, _ message: Logger.Message, _ reporter: SessionReporter
    ) -> CookieAction {
        reporter.dropped(SessionSubject(stored.record), message)
        return .none
    }

    /// How often in a row a store may refuse to replace the very version that it gives; a replica that lags behind
    /// comes round in that time.
    static let maximumStalls = 20

    /// Lots are drawn, from a time that doubles: the more processes write, the less often each tries.
    private func wait(after conflicts: Int) async {
        let longest: UInt64 = 100 << UInt64(min(conflicts, 9))
        let lot = BigEndian.number(self.random.bytes(8)) % (longest + 1)
        try? await self.clock.sleep(.microseconds(lot))
    }

    // MARK: - Cookies

    private func cookie(
        after record: SessionRecord, ticket: SessionTicket?, values: SessionDictionary, _ stored: StoredSession,
        _ state: SessionState
    ) throws(SessionError) -> CookieAction {
        let isPermanent = values.isPermanent
        if let ticket { return try self.cookie(ticket, record, isPermanent: isPermanent) }
        // The cookie itself has not changed; how long the browser keeps it, or the key that signs it, may have.
        let isRefreshed = isPermanent && (state.intent.isModified || self.configuration.refresh != .never)
        let hasOtherKey = stored.hasOtherKey || stored.keyChanges != self.keyChanges
        guard isRefreshed || isPermanent != stored.wasPermanent || hasOtherKey else { return .none }
        // Another request may have renewed the secret by now, and its cookie must stay.
        guard stored.secret.matches(record.secretHash) else { return .none }
        let same = SessionTicket(id: record.id, secret: stored.secret)
        return try self.cookie(same, record, isPermanent: isPermanent)
    }

    private func cookie(
        _ ticket: SessionTicket, _ record: SessionRecord, isPermanent: Bool
    ) throws(SessionError) -> CookieAction {
        let seconds = max((record.expiresAt.milliseconds - self.now.milliseconds) / 1000, 0)
        return .set(
            try SentCookie(
                self.tickets.encode(ticket), maxAge: isPermanent ? min(seconds, SessionLifetime.maximumCookieAge) : nil,
                id: record.id, isTicket: true, as: self.cookieForm))
    }

    // MARK: - Telling

    /// A session that has moved here from its cookie has begun before, and its user was signed in before.
    private func tellCreated(_ record: SessionRecord, _ state: SessionState, _ reporter: SessionReporter) {
        if state.intent.isDestroyed { self.tellEndInCookie(state, reporter) }
        let before = state.intent.isDestroyed ? nil : state.opened?.values.user
        reporter.created(SessionSubject(record), was: before, isProof: state.intent.restartsLimits)
    }

    private func tellEndInCookie(_ state: SessionState, _ reporter: SessionReporter) {
        if let opened = state.opened { reporter.ended(SessionSubject(opened)) }
    }
}
