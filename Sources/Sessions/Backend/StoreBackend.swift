// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions that live in a store; the cookie carries a signed id and a secret.
///
/// The guarantees are made here, once for every store: a conflict is merged by making this request's changes again on
/// what the other one wrote, and a session that has been ended is never written back.
final class StoreBackend: SessionBackend {
    let settings: StoredSessions
    let tickets: SessionTicketCoder
    let contents: ContentsCoder
    let cookieForm: SessionCookieForm
    let configuration: SessionConfiguration
    let clock: SessionClock
    let random: SessionRandom
    /// Whom to tell of sessions that end; nil unless sessions come from cookies that could bring them again.
    let listener: (any EndListener)?
    let turns: WriteTurns<SessionID>
    /// How often the keys have changed since the start.
    let keyChanges: Int
    /// Whether a write may have to wait, and could be cut short meanwhile.
    private let waits: Bool

    /// - Parameter turns: Whose turn it is to write a session; new keys change nothing about that.
    init(
        _ settings: StoredSessions, keys: SecretKeys, configuration: SessionConfiguration, clock: SessionClock,
        random: SessionRandom, listener: (any EndListener)?, turns: WriteTurns<SessionID> = WriteTurns(),
        keyChanges: Int = 0
    ) {
        self.settings = settings
        self.tickets = SessionTicketCoder(keys: keys, cookieName: configuration.cookie.name)
        self.contents = ContentsCoder(keys: keys, encrypts: settings.encryptsValues, random: random)
        self.cookieForm = SessionCookieForm(configuration.cookie)
        self.configuration = configuration
        self.clock = clock
        self.random = random
        self.listener = listener
        self.turns = turns
        self.keyChanges = keyChanges
        self.waits = listener != nil || !(settings.store is any InstantStore)
    }

    var store: any SessionStore { self.settings.store }

    func rekeyed(_ keys: SecretKeys) -> any SessionBackend { self.withKeys(keys) }

    func withKeys(_ keys: SecretKeys) -> StoreBackend {
        StoreBackend(
            self.settings, keys: keys, configuration: self.configuration, clock: self.clock, random: self.random,
            listener: self.listener, turns: self.turns, keyChanges: self.keyChanges + 1)
    }

    // MARK: - Opening

    var readsStoreToOpen: Bool { true }

    func open(_ token: ArraySlice<UInt8>?, arrival: Date, _ reporter: SessionReporter) async throws(SessionError)
        -> Session
    {
        guard let token, !token.isEmpty else { return Session(SessionState()) }
        let ticket: SessionTicket
        do throws(TokenError) {
            // Junk is refused here, before the store is asked.
            ticket = try self.tickets.decode(token)
        } catch {
            return self.rejected(error, reporter)
        }
        let record: SessionRecord?
        do {
            record = try await self.store.read(ticket.id, at: self.now)
        } catch {
            return try self.access.session(after: error, reporter)
        }
        do throws(TokenError) {
            return Session(try self.state(of: record, ticket: ticket, arrival: arrival))
        } catch {
            return try await self.refused(ticket, by: record, error, arrival: arrival, reporter)
        }
    }

    private func rejected(
        _ error: TokenError, of subject: SessionSubject = .unknown, _ reporter: SessionReporter
    ) -> Session {
        reporter.rejected(error, of: subject)
        return Session(SessionState())
    }

    private func refused(
        _ ticket: SessionTicket, by record: SessionRecord?, _ error: TokenError, arrival: Date,
        _ reporter: SessionReporter
    ) async throws(SessionError) -> Session {
        guard let record else { return self.rejected(error, of: SessionSubject(id: ticket.id), reporter) }
        do {
            if error.kind == .wrongSecret,
                try await self.endIfReplayed(record, ticket.secret, arrival: arrival, reporter)
            {
                return Session(SessionState())
            }
        } catch {
            return try self.access.session(after: error, reporter)
        }
        reporter.rejected(error, of: SessionSubject(record))
        // The handler looked late: the browser has the cookie of another response by now. A renewal that lies further
        // ahead was written by a clock that was ahead, and says nothing.
        let latest = self.now.adding(Self.greatestLead)
        let isSuperseded = error.kind == .wrongSecret && record.renewedAt > arrival && record.renewedAt <= latest
        return Session(SessionState(isSuperseded ? .superseded : .nothing))
    }

    func state(
        of record: SessionRecord?, ticket: SessionTicket, arrival: Date
    ) throws(TokenError) -> SessionState {
        guard let record else { throw TokenError(.unknownSession) }
        let now = self.now
        guard record.hasFurtherVersions else { throw TokenError(.badPayload) }
        guard !record.isExpired(at: now) else { throw TokenError(.expired) }
        guard let isCurrent = self.isCurrent(ticket.secret, of: record, arrival: arrival, at: now) else {
            throw TokenError(.wrongSecret)
        }
        guard let values = self.contents.decode(record.contents, id: record.id) else { throw TokenError(.badPayload) }
        return SessionState(
            .found(
                StoredSession(
                    record: record, secret: ticket.secret, hasCurrentSecret: isCurrent, values: values,
                    hasOtherKey: ticket.hasOtherKey, keyChanges: self.keyChanges)))
    }

    /// True for the current secret, false for the one before within its grace, nil for any other.
    private func isCurrent(
        _ secret: SessionSecret, of record: SessionRecord, arrival: Date, at now: Date
    ) -> Bool? {
        if secret.matches(record.secretHash) { return true }
        // A grace that ends later than one can was given by a clock that was ahead: a copy of the cookie would be good
        // for as long as that was.
        let latest = now.adding(self.configuration.renewalGrace).adding(Self.greatestLead)
        guard let previous = record.previousSecretHash, let graceEnd = record.graceEnd,
            min(arrival, now) < graceEnd, graceEnd <= latest
        else { return nil }
        return secret.matches(previous) ? false : nil
    }

    // MARK: - Committing

    func commit(_ session: Session, _ reporter: SessionReporter) async throws(SessionError) -> CookieAction {
        let now = self.now
        let isDone = session.withState { state in
            state.unavailable == nil && state.intent.failures.isEmpty && !self.hasWork(state, at: now)
        }
        guard !isDone else { return .none }
        let state = session.snapshot
        let end = state.stored.map { stored in
            { @Sendable () async throws -> Void in try await self.end(stored, reporter) }
        }
        return try await self.access.commit(
            state, hasWork: self.hasWork(state, at: now), waits: self.waits, reporter, end: end
        ) {
            try await self.save(state, reporter)
        }
    }

    /// Ends a session at its visitor's wish: its record goes, and the cookie that it came in, if one could bring it
    /// again; each of them also if the other fails.
    func end(_ stored: StoredSession, _ reporter: SessionReporter) async throws {
        try await self.remove(stored, reporter)
        reporter.ended(SessionSubject(stored.record))
    }

    func remove(_ stored: StoredSession, _ reporter: SessionReporter) async throws {
        var failure: (any Error)?
        do { try await self.listener?.ended(stored.record.id, reporter) } catch { failure = error }
        try await self.store.remove(stored.record.id)
        if let failure { throw failure }
    }

    private func hasWork(_ state: SessionState, at now: Date) -> Bool {
        guard !state.intent.isModified, let stored = state.stored else { return state.intent.isModified }
        if self.isRenewalDue(stored, at: now) { return true }
        return state.isUse && (self.isTouchDue(stored.record, at: now) || self.isRefreshedAtOnce(state, stored))
    }

    /// Whether the cookie goes out again with this very response. It is written first, like any use that is noted: the
    /// response of another request may have brought a new secret, and this one's must not replace it.
    private func isRefreshedAtOnce(_ state: SessionState, _ stored: StoredSession) -> Bool {
        self.configuration.refresh == .permanentOnEachRequest && state.isAccessed && stored.wasPermanent
    }

    // MARK: - Time

    /// How far the clocks of two servers may be apart.
    private static let greatestLead = Duration.seconds(60)

    var now: Date { self.clock.now().wholeMilliseconds }

    func isTouchDue(_ record: SessionRecord, at now: Date) -> Bool {
        // A session of its own limits may be shorter than the interval between touches.
        let interval = self.settings.touchInterval.flatMap { $0 < record.idleTimeout ? $0.milliseconds : nil }
        return now >= record.lastUsedAt.adding(milliseconds: interval ?? record.idleTimeout.milliseconds / 10)
    }

    var access: StoreAccess { StoreAccess(policy: self.configuration.outagePolicy) }
}

extension SessionSubject {
    init(_ record: SessionRecord) {
        self.init(id: record.id, user: record.user, deviceLabel: record.deviceLabel)
    }
}
