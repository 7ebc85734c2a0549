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
    func save(_ state: SessionState, logger: Logger?) async throws -> CookieAction {
        guard let stored = state.stored else { return try await self.create(state) }
        guard !state.isDestroyed else {
            try await self.remove(ended: stored.record.id, logger: logger)
            self.tellEnded(stored.record)
            return try await self.create(state)
        }
        return try await self.update(stored, state, logger: logger)
    }

    // MARK: - A new session

    private func create(_ state: SessionState) async throws -> CookieAction {
        guard !state.values.isEmpty else {
            self.tellTakenOverEnded(state)
            return .delete
        }
        // One that comes in a cookie is signed in already, and no further sign-in.
        let isSignIn = state.isDestroyed || state.opened == nil || state.changesUser
        // Two ids of 128 random bits meet once in an age, and a generator that repeats itself must not hang the server.
        for _ in 0..<3 {
            let ticket = SessionTicket(id: SessionID(using: self.random), secret: SessionSecret(using: self.random))
            let record = try self.newRecord(ticket, state)
            if isSignIn { try await self.checkLimit(before: record, over: nil) }
            if try await self.store.write(record, replacing: nil, at: self.now) {
                if isSignIn, try await !self.enforceLimit(after: record, over: nil) { return .delete }
                self.tellCreated(record, state)
                return self.cookie(ticket, record, isPermanent: state.isPermanent)
            }
        }
        throw StoreFault.takenIDs
    }

    private func newRecord(_ ticket: SessionTicket, _ state: SessionState) throws -> SessionRecord {
        let now = self.now
        let beginning = Self.beginning(of: state) ?? now
        let lifetime = state.lifetime ?? self.configuration.lifetime
        // Changes that were taken back are not written with the session that moves here.
        let values = state.isModified ? state.values : state.opened?.values ?? state.values
        let contents = try self.contents.encode(values, id: ticket.id)
        try self.configuration.checkSize(contents)
        var record = SessionRecord(
            id: ticket.id, secretHash: ticket.secret.hash, contents: contents, createdAt: beginning, renewedAt: now,
            lastUsedAt: Self.lastUse(of: state) ?? now, idleTimeout: lifetime.idle,
            absoluteEnd: lifetime.absolute.map(beginning.adding))
        record.follow(values, state, at: now)
        return record
    }

    /// When a session that moves here from its cookie began, as far as that says; nil for one that begins now.
    private static func beginning(of state: SessionState) -> Date? {
        guard !state.isDestroyed, let opened = state.opened else { return nil }
        return opened.createdAt.map { Date(milliseconds: $0 * 1000) }
    }

    /// When a session that moves here was last used, if this request is no use of it; nil for now.
    private static func lastUse(of state: SessionState) -> Date? {
        guard !state.isUse, let opened = state.opened else { return nil }
        return Date(milliseconds: opened.signedAt * 1000)
    }

    // MARK: - A session that exists

    private func update(
        _ stored: StoredSession, _ state: SessionState, logger: Logger?
    ) async throws -> CookieAction {
        if let action = try await self.attempt(stored.record, state.values, stored, state, logger) { return action }
        // Another request wrote. Having only been used, this request has nothing that needs saving.
        guard state.isModified else { return .none }
        // Requests of this process line up, or a crowd of them would undo each other's attempts.
        await self.turns.take(stored.record.id)
        defer { self.turns.pass(stored.record.id) }
        return try await self.merge(stored, state, logger: logger)
    }

    /// Makes this request's changes on what others have written, until no other process comes in between.
    private func merge(
        _ stored: StoredSession, _ state: SessionState, logger: Logger?
    ) async throws -> CookieAction {
        var conflicts = 0
        var stalls = 0
        var version = stored.record.version
        while true {
            guard let record = try await self.store.read(stored.record.id, at: self.now) else {
                // What else came of the cookie that this session moved from may go on, and must not.
                if state.signsOut { try await self.noteEnd(of: stored.record.id, logger: logger) }
                return self.dropped(stored, "changes to a session that has ended were dropped", logger: logger)
            }
            guard Self.admitted(stored.secret, to: record) else {
                // A renewal does not undo a sign-out.
                if state.signsOut { return try await self.save(state.endedByRemoval, logger: logger) }
                return self.dropped(stored, "changes made with a replaced secret were dropped", logger: logger)
            }
            stalls = record.version == version ? stalls + 1 : 0
            guard stalls < Self.maximumStalls else { throw StoreFault.refusal }
            version = record.version
            let values = try self.remade(state.changes, on: record)
            if let action = try await self.attempt(record, values, stored, state, logger) {
                if action != .delete { self.observer.merged(SessionSubject(record)) }
                return action
            }
            conflicts += 1
            await Self.wait(after: conflicts)
        }
    }

    /// Writes if the record is still there in this version; nil when it is not.
    private func attempt(
        _ record: SessionRecord, _ values: SessionDictionary, _ stored: StoredSession, _ state: SessionState,
        _ logger: Logger?
    ) async throws -> CookieAction? {
        if state.isModified, values.isEmpty {
            guard try await self.store.remove(record.id, ifVersion: record.version) else { return nil }
            self.tellEnded(record)
            try await self.noteEnd(of: record.id, logger: logger)
            return .delete
        }
        let (next, ticket) = try self.successor(of: record, values: values, stored, state)
        try await self.checkLimit(before: next, over: record)
        guard try await self.store.write(next, replacing: record.version, at: self.now) else { return nil }
        guard try await self.enforceLimit(after: next, over: record) else { return .delete }
        self.tellWritten(next, over: record, state, isRenewed: ticket != nil)
        return self.cookie(after: next, ticket: ticket, values: values, stored, state)
    }

    /// The record to write, and the ticket to send if it has a new secret.
    private func successor(
        of record: SessionRecord, values: SessionDictionary, _ stored: StoredSession, _ state: SessionState
    ) throws -> (SessionRecord, SessionTicket?) {
        guard record.hasFurtherVersions else { throw StoreFault.lastVersion }
        var next = record
        next.version += 1
        if state.isUse { next.lastUsedAt = max(self.now, record.lastUsedAt) }
        // What an old key encrypted would end with it.
        if state.isModified || self.contents.haveOtherKey(record.contents, id: record.id) {
            let kept = state.isModified ? nil : self.contents.decode(record.contents, id: record.id)
            next.contents = try self.contents.encode(kept ?? values, id: record.id)
            if state.isModified { try self.configuration.checkSize(next.contents, replacing: record.contents.count) }
        }
        if state.isModified { next.follow(values, state, at: self.now) }
        if state.changesLifetime {
            let lifetime = state.lifetime ?? self.configuration.lifetime
            next.idleTimeout = lifetime.idle
            next.absoluteEnd = lifetime.absolute.map(next.createdAt.adding)
        }
        // Another user has another secret, however the user came about.
        let wantsRenewal = state.wantsRenewal || !SessionUser.isSame(next.user, record.user)
        guard wantsRenewal || (self.isRenewalDue(stored) && stored.secret.matches(record.secretHash)) else {
            return (next, nil)
        }
        let secret = SessionSecret(using: self.random)
        // A renewal that was asked for ends the old secret at once; the periodic one leaves it to requests on their
        // way. Both remember it, to know a copied cookie when it comes.
        next.previousSecretHash = record.secretHash
        next.graceEnd = wantsRenewal ? nil : self.now.adding(self.configuration.renewalGrace)
        next.secretHash = secret.hash
        next.renewedAt = self.now
        return (next, SessionTicket(id: record.id, secret: secret))
    }

    /// Whether a request that came with this secret may still write: not once `renew()` has ended the secret under way.
    /// An attacker who holds a cookie from before a sign-in could otherwise keep a request waiting and change, or even
    /// take over, the session of the visitor who signs in. A periodic renewal leaves the requests on their way alone,
    /// however long.
    static func admitted(_ secret: SessionSecret, to record: SessionRecord) -> Bool {
        if secret.matches(record.secretHash) { return true }
        // Only a periodic renewal has a grace, over or not.
        guard let previous = record.previousSecretHash, record.graceEnd != nil else { return false }
        return secret.matches(previous)
    }

    /// This request's changes, made on what another one wrote in the meantime.
    private func remade(_ changes: [SessionChange], on record: SessionRecord) throws -> SessionDictionary {
        guard var values = self.contents.decode(record.contents, id: record.id) else {
            throw StoreFault.unreadableContents
        }
        do {
            for change in changes { try change.apply(to: &values) }
        } catch {
            throw error as? SessionError ?? .unencodable(error)
        }
        return values
    }

    /// Logging out wins: what a request in flight did to a session that has ended is not kept.
    private func dropped(_ stored: StoredSession, _ message: Logger.Message, logger: Logger?) -> CookieAction {
        self.observer.dropped(SessionSubject(stored.record), message, logger: logger)
        return .none
    }

    /// How often in a row a store may refuse to replace the very version that it gives; a replica that lags behind
    /// comes round in that time.
    static let maximumStalls = 20

    /// Lots are drawn, from a time that doubles: the more processes write, the less often each tries.
    private static func wait(after conflicts: Int) async {
        try? await Task.sleep(for: .microseconds(UInt64.random(in: 0...(100 << UInt64(min(conflicts, 9))))))
    }

    // MARK: - Cookies

    private func cookie(
        after record: SessionRecord, ticket: SessionTicket?, values: SessionDictionary, _ stored: StoredSession,
        _ state: SessionState
    ) -> CookieAction {
        let isPermanent = values.isPermanent
        if let ticket { return self.cookie(ticket, record, isPermanent: isPermanent) }
        // The cookie itself has not changed; how long the browser keeps it, or the key that signs it, may have.
        let isRefreshed = isPermanent && (state.isModified || self.configuration.refresh != .never)
        guard isRefreshed || isPermanent != stored.wasPermanent || stored.hasOtherKey else { return .none }
        // Another request may have renewed the secret by now, and its cookie must stay.
        guard stored.secret.matches(record.secretHash) else { return .none }
        return self.cookie(SessionTicket(id: record.id, secret: stored.secret), record, isPermanent: isPermanent)
    }

    private func cookie(_ ticket: SessionTicket, _ record: SessionRecord, isPermanent: Bool) -> CookieAction {
        let value = self.tickets.encode(ticket)
        guard isPermanent else { return .set(value: value) }
        let seconds = (record.expiresAt.milliseconds - self.now.milliseconds) / 1000
        return .set(value: value, maxAge: min(max(seconds, 0), SessionLifetime.maximumCookieAge))
    }
}
