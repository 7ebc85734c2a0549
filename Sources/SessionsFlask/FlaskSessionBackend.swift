// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions in an engine that a Flask application with Flask-Session shares; the cookie carries the record's key.
///
/// It opens and saves as `flask_session/base.py` (lines 274 to 358) does, but writes less: a session that a request
/// only used gets its time anew without being written, and what has ended is not written back. There is no version to
/// compare, so of two requests that change one session at once the later one wins.
struct FlaskSessionBackend: SessionBackend {
    private let options: FlaskSessionOptions
    private var signer: Signer?
    /// How often the keys have changed since the start.
    private var keyChanges = 0
    private let coder: FlaskSessionCoder
    private let configuration: SessionConfiguration
    private let cookieForm: SessionCookieForm
    private let clock: SessionClock
    private let random: SessionRandom
    private let access: StoreAccess

    /// - Parameter keys: What signs the ids; nil leaves them as they are.
    init(
        _ options: FlaskSessionOptions, keys: SecretKeys? = nil, configuration: SessionConfiguration,
        clock: SessionClock, random: SessionRandom
    ) {
        self.options = options
        self.signer = keys.map(Self.signer)
        self.coder = FlaskSessionCoder(serialization: options.serialization)
        self.configuration = configuration
        self.cookieForm = SessionCookieForm(configuration.cookie)
        self.clock = clock
        self.random = random
        self.access = StoreAccess(policy: configuration.outagePolicy)
    }

    private static func signer(_ keys: SecretKeys) -> Signer {
        Signer(keys: keys, salt: "flask-session", digest: .sha1)
    }

    /// Plain ids stay plain.
    func rekeyed(_ keys: SecretKeys) -> any SessionBackend {
        guard self.signer != nil else { return self }
        var backend = self
        backend.signer = Self.signer(keys)
        backend.keyChanges += 1
        return backend
    }

    private var lifetime: SessionLifetime { self.configuration.lifetime }

    private var refreshes: Bool { self.configuration.refresh != .never }

    // MARK: - Opening

    var readsStoreToOpen: Bool { true }

    func open(_ token: ArraySlice<UInt8>?, arrival: Date, _ reporter: SessionReporter) async throws(SessionError)
        -> Session
    {
        guard let token, !token.isEmpty else { return self.fresh }
        let id: FlaskSessionID
        let hasOtherKey: Bool
        do throws(TokenError) {
            (id, hasOtherKey) = try self.id(in: token)
        } catch {
            return self.rejected(error, reporter)
        }
        let bytes: [UInt8]?
        do {
            bytes = try await self.options.storage.value(of: self.key(of: id))
        } catch {
            return try self.access.session(after: error, reporter)
        }
        do throws(TokenError) {
            // A client's id is never adopted: without a record the session is new, and so is its id.
            guard let bytes, !bytes.isEmpty else { throw TokenError(.unknownSession) }
            var record = try self.coder.decode(bytes, id: id)
            record.hasOtherKey = hasOtherKey
            record.keyChanges = self.keyChanges
            record.size = bytes.count
            return Session(SessionState(.found(record)))
        } catch {
            return self.rejected(error, reporter)
        }
    }

    /// Ids that are not signed verify where they have the form of one.
    func verifies(_ token: ArraySlice<UInt8>) -> Bool { (try? self.id(in: token)) != nil }

    func isLive(_ token: ArraySlice<UInt8>, arrival: Date) async -> Bool {
        guard let (id, _) = try? self.id(in: token) else { return false }
        do {
            guard let bytes = try await self.options.storage.value(of: self.key(of: id)) else { return false }
            return (try? self.coder.decode(bytes, id: id)) != nil
        } catch {
            return true
        }
    }

    private func rejected(_ error: TokenError, _ reporter: SessionReporter) -> Session {
        reporter.rejected(error)
        return self.fresh
    }

    private var fresh: Session { Session(SessionState(values: self.initialValues)) }

    private var initialValues: SessionDictionary {
        self.options.startsPermanent ? [SessionState.permanentKey: true] : [:]
    }

    private func id(in token: ArraySlice<UInt8>) throws(TokenError) -> (id: FlaskSessionID, hasOtherKey: Bool) {
        let (text, hasOtherKey) = try self.signer?.unsignTellingKey(token) ?? (token, false)
        guard let id = FlaskSessionID(text) else { throw TokenError(.malformedID) }
        return (id, hasOtherKey)
    }

    private func key(of id: FlaskSessionID) -> String { self.options.keyPrefix + id.text }

    // MARK: - Committing

    func commit(_ session: Session, _ reporter: SessionReporter) async throws(SessionError) -> CookieAction {
        let state = session.snapshot
        let end = state.shared.map { record in
            { @Sendable () async throws -> Void in try await self.end(record, reporter) }
        }
        let hasWork = state.intent.isModified || (self.refreshes && state.isUse && state.shared != nil)
        return try await self.access.commit(state, hasWork: hasWork, reporter, end: end) {
            try await self.save(state, reporter)
        }
    }

    private func end(_ record: FlaskSessionRecord, _ reporter: SessionReporter) async throws {
        guard try await self.options.storage.remove(self.key(of: record.key)) else { return }
        reporter.ended(SessionSubject(user: record.values.user))
    }

    private func save(_ state: SessionState, _ reporter: SessionReporter) async throws -> CookieAction {
        let values = self.values(of: state)
        guard let record = state.shared else {
            return values.isWorthKeeping ? try await self.create(values, reporter) : .delete
        }
        guard state.intent.isModified else { return try await self.refresh(record, values, reporter) }
        guard !state.intent.isDestroyed, values.isWorthKeeping else {
            try await self.end(record, reporter)
            return values.isWorthKeeping ? try await self.create(values, reporter) : .delete
        }
        let bytes = try self.encode(values, after: record)
        if state.intent.wantsRenewal {
            let new = try self.newCookie(values)
            // The request that removes the record may go on with it under another id: one request, and none after a
            // sign-out.
            guard try await self.options.storage.remove(self.key(of: record.key)) else {
                return self.dropped(record, reporter)
            }
            try await self.insert(bytes, new.id)
            self.tellWritten(values, over: record, state, reporter)
            return new.action
        }
        let action = try self.cookie(record.key, values)
        guard try await self.write(bytes, record.key, mustExist: true) else { return self.dropped(record, reporter) }
        self.tellWritten(values, over: record, state, reporter)
        return action
    }

    /// What is to be written. Flask-Session's `clear()` leaves the mark of a permanent session, which goes with
    /// everything else in Swift.
    private func values(of state: SessionState) -> SessionDictionary {
        guard state.intent.isModified, state.values[SessionState.permanentKey] == nil else { return state.values }
        let before = state.intent.isDestroyed ? self.initialValues : state.shared?.values ?? self.initialValues
        guard let mark = before[SessionState.permanentKey] else { return state.values }
        return SessionDictionary([(key: SessionState.permanentKey, value: mark)] + Array(state.values))
    }

    private func create(_ values: SessionDictionary, _ reporter: SessionReporter) async throws -> CookieAction {
        let new = try self.newCookie(values)
        try await self.insert(try self.encode(values, after: nil), new.id)
        reporter.created(SessionSubject(user: values.user))
        return new.action
    }

    /// A new id, and the cookie that carries it: made before anything is written, for a cookie that is too large is
    /// refused.
    private func newCookie(
        _ values: SessionDictionary
    ) throws(SessionError) -> (id: FlaskSessionID, action: CookieAction) {
        let id = FlaskSessionID(using: self.random, length: self.options.idLength)
        return (id, try self.cookie(id, values))
    }

    private func insert(_ bytes: [UInt8], _ id: FlaskSessionID) async throws {
        guard try await self.write(bytes, id, mustExist: false) else { throw StoreFault.unwritten }
    }

    /// A session that was used and not changed. Writing it back, as Flask-Session does, would undo what another request
    /// has written meanwhile, and bring the session back if it has ended.
    private func refresh(
        _ record: FlaskSessionRecord, _ values: SessionDictionary, _ reporter: SessionReporter
    ) async throws -> CookieAction {
        guard values.isWorthKeeping else { return .none }
        if values == record.values {
            let seconds = self.lifetime.idleSeconds
            guard try await self.options.storage.extendLife(of: self.key(of: record.key), secondsToLive: seconds) else {
                return .none
            }
        } else {
            // Changed, and then `isModified` set to false: Flask-Session keeps such a change without saying so.
            let bytes = try self.encode(values, after: record)
            guard try await self.write(bytes, record.key, mustExist: true) else {
                return self.dropped(record, reporter)
            }
            reporter.user(was: record.values.user, of: SessionSubject(user: values.user))
        }
        let hasOtherKey = record.hasOtherKey || record.keyChanges != self.keyChanges
        return values.isPermanent || hasOtherKey ? try self.cookie(record.key, values) : .none
    }

    private func encode(
        _ values: SessionDictionary, after record: FlaskSessionRecord?
    ) throws(SessionError) -> [UInt8] {
        let bytes = try self.coder.encode(values, after: record)
        try StoreAccess.check(bytes, limit: self.options.sizeLimit, replacing: record?.size ?? 0)
        return bytes
    }

    private func write(_ bytes: [UInt8], _ id: FlaskSessionID, mustExist: Bool) async throws -> Bool {
        try await self.options.storage.set(
            bytes, for: self.key(of: id), secondsToLive: self.lifetime.idleSeconds, mustExist: mustExist)
    }

    /// Logging out wins: what a request in flight did to a session that has ended is not kept.
    private func dropped(_ record: FlaskSessionRecord, _ reporter: SessionReporter) -> CookieAction {
        let subject = SessionSubject(user: record.values.user)
        reporter.dropped(subject, "changes to a session that has ended were dropped")
        return .none
    }

    private func tellWritten(
        _ values: SessionDictionary, over record: FlaskSessionRecord, _ state: SessionState, _ reporter: SessionReporter
    ) {
        let subject = SessionSubject(user: values.user)
        if state.intent.wantsRenewal { reporter.renewed(subject) }
        reporter.user(was: record.values.user, of: subject, isProof: state.intent.restartsLimits)
    }

    private func cookie(_ id: FlaskSessionID, _ values: SessionDictionary) throws(SessionError) -> CookieAction {
        let value = self.signer.map { String(decoding: $0.sign(Array(id.text.utf8)), as: UTF8.self) } ?? id.text
        let expires = values.isPermanent ? try self.lifetime.cookieExpiry(from: self.clock.now()) : nil
        return .set(try SentCookie(value, expires: expires, as: self.cookieForm))
    }
}

extension SessionDictionary {
    /// Whether there is anything but the mark of a permanent session, which alone Flask-Session takes for nothing.
    fileprivate var isWorthKeeping: Bool {
        self.count > (self[SessionState.permanentKey] == nil ? 0 : 1)
    }
}
