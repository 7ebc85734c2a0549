// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

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
    private let coder: FlaskSessionCoder
    private let configuration: SessionConfiguration
    private let clock: SessionClock
    private let random: SessionRandom
    private let observer: SessionObserver
    private let outage: StoreOutage

    /// - Parameter keys: What signs the ids; nil leaves them as they are.
    init(
        _ options: FlaskSessionOptions, keys: SecretKeys? = nil, configuration: SessionConfiguration,
        clock: SessionClock, random: SessionRandom, observer: SessionObserver
    ) {
        self.options = options
        self.signer = keys.map(Self.signer)
        self.coder = FlaskSessionCoder(serialization: options.serialization)
        self.configuration = configuration
        self.clock = clock
        self.random = random
        self.observer = observer
        self.outage = StoreOutage(policy: configuration.outagePolicy, observer: self.observer)
    }

    private static func signer(_ keys: SecretKeys) -> Signer {
        Signer(keys: keys, salt: "flask-session", digest: .sha1)
    }

    /// Plain ids stay plain.
    func rekeyed(_ keys: SecretKeys) -> any SessionBackend {
        var backend = self
        backend.signer = self.signer.map { _ in Self.signer(keys) }
        return backend
    }

    private var lifetime: SessionLifetime { self.configuration.lifetime }

    private var refreshes: Bool { self.configuration.refresh != .never }

    // MARK: - Opening

    var readsStoreToOpen: Bool { true }

    func open(_ token: ArraySlice<UInt8>?, arrival: Date, logger: Logger?) async throws -> Session {
        guard let token, !token.isEmpty else { return self.fresh }
        let id: FlaskSessionID
        let hasOtherKey: Bool
        do throws(TokenError) {
            (id, hasOtherKey) = try self.id(in: token)
        } catch {
            return self.rejected(error, logger: logger)
        }
        let bytes: [UInt8]?
        do {
            bytes = try await self.options.storage.value(of: self.key(of: id))
        } catch {
            return try self.outage.session(after: error, logger: logger)
        }
        do throws(TokenError) {
            // A client's id is never adopted: without a record the session is new, and so is its id.
            guard let bytes, !bytes.isEmpty else { throw TokenError(.unknownSession) }
            var record = try self.coder.decode(bytes, id: id)
            record.hasOtherKey = hasOtherKey
            record.size = bytes.count
            return Session(SessionState(.found(record)))
        } catch {
            return self.rejected(error, logger: logger)
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

    private func rejected(_ error: TokenError, logger: Logger?) -> Session {
        self.observer.rejected(error, logger: logger)
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

    func commit(_ session: Session, logger: Logger?) async throws -> CookieAction {
        let state = session.snapshot
        try await self.endDespiteFailure(state, logger: logger)
        let hasWork = state.isModified || (self.refreshes && state.isUse && state.shared != nil)
        return try await self.outage.commit(state, hasWork: hasWork, logger: logger) {
            try await self.save(state, logger: logger)
        }
    }

    /// Ends what the request has ended, also when the request then set a value that cannot be stored.
    private func endDespiteFailure(_ state: SessionState, logger: Logger?) async throws {
        guard state.isDestroyed || state.signsOut, !state.failures.isEmpty, let record = state.shared else { return }
        try await self.outage.finishing(logger) { try await self.end(record) }
    }

    private func end(_ record: FlaskSessionRecord) async throws {
        guard try await self.options.storage.remove(self.key(of: record.key)) else { return }
        self.observer.ended(SessionSubject(user: record.values.user))
    }

    private func save(_ state: SessionState, logger: Logger?) async throws -> CookieAction {
        let values = self.values(of: state)
        guard let record = state.shared else { return values.isWorthKeeping ? try await self.create(values) : .delete }
        guard state.isModified else { return try await self.refresh(record, values, logger: logger) }
        guard !state.isDestroyed, values.isWorthKeeping else {
            try await self.end(record)
            return values.isWorthKeeping ? try await self.create(values) : .delete
        }
        let bytes = try self.encode(values, after: record)
        if state.wantsRenewal {
            // The request that removes the record may go on with it under another id: one request, and none after a
            // sign-out.
            guard try await self.options.storage.remove(self.key(of: record.key)) else {
                return self.dropped(record, logger)
            }
            let action = try await self.insert(values, bytes)
            self.tellWritten(values, over: record, state)
            return action
        }
        guard try await self.write(bytes, record.key, mustExist: true) else { return self.dropped(record, logger) }
        self.tellWritten(values, over: record, state)
        return try self.cookie(record.key, values)
    }

    /// What is to be written. Flask-Session's `clear()` leaves the mark of a permanent session, which goes with
    /// everything else in Swift.
    private func values(of state: SessionState) -> SessionDictionary {
        guard state.isModified, state.values[SessionState.permanentKey] == nil else { return state.values }
        let before = state.isDestroyed ? self.initialValues : state.shared?.values ?? self.initialValues
        guard let mark = before[SessionState.permanentKey] else { return state.values }
        return SessionDictionary([(key: SessionState.permanentKey, value: mark)] + Array(state.values))
    }

    private func create(_ values: SessionDictionary) async throws -> CookieAction {
        let action = try await self.insert(values, try self.encode(values, after: nil))
        self.observer.created(SessionSubject(user: values.user))
        return action
    }

    private func insert(_ values: SessionDictionary, _ bytes: [UInt8]) async throws -> CookieAction {
        let id = FlaskSessionID(using: self.random, length: self.options.idLength)
        guard try await self.write(bytes, id, mustExist: false) else { throw StoreFault.unwritten }
        return try self.cookie(id, values)
    }

    /// A session that was used and not changed. Writing it back, as Flask-Session does, would undo what another request
    /// has written meanwhile, and bring the session back if it has ended.
    private func refresh(
        _ record: FlaskSessionRecord, _ values: SessionDictionary, logger: Logger?
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
            guard try await self.write(bytes, record.key, mustExist: true) else { return self.dropped(record, logger) }
            self.observer.user(was: record.values.user, of: SessionSubject(user: values.user))
        }
        return values.isPermanent || record.hasOtherKey ? try self.cookie(record.key, values) : .none
    }

    private func encode(
        _ values: SessionDictionary, after record: FlaskSessionRecord?
    ) throws(SessionError) -> [UInt8] {
        let bytes = try self.coder.encode(values, after: record)
        try self.configuration.checkSize(bytes, replacing: record?.size ?? 0)
        return bytes
    }

    private func write(_ bytes: [UInt8], _ id: FlaskSessionID, mustExist: Bool) async throws -> Bool {
        try await self.options.storage.set(
            bytes, for: self.key(of: id), secondsToLive: self.lifetime.idleSeconds, mustExist: mustExist)
    }

    /// Logging out wins: what a request in flight did to a session that has ended is not kept.
    private func dropped(_ record: FlaskSessionRecord, _ logger: Logger?) -> CookieAction {
        let subject = SessionSubject(user: record.values.user)
        self.observer.dropped(subject, "changes to a session that has ended were dropped", logger: logger)
        return .none
    }

    private func tellWritten(_ values: SessionDictionary, over record: FlaskSessionRecord, _ state: SessionState) {
        let subject = SessionSubject(user: values.user)
        if state.wantsRenewal { self.observer.renewed(subject) }
        self.observer.user(was: record.values.user, of: subject, isProof: state.restartsLimits)
    }

    private func cookie(_ id: FlaskSessionID, _ values: SessionDictionary) throws -> CookieAction {
        let value = self.signer.map { String(decoding: $0.sign(Array(id.text.utf8)), as: UTF8.self) } ?? id.text
        guard values.isPermanent else { return .set(value: value) }
        return .set(value: value, expires: try self.lifetime.cookieExpiry(from: self.clock.now()))
    }
}

extension SessionDictionary {
    /// Whether there is anything but the mark of a permanent session, which alone Flask-Session takes for nothing.
    fileprivate var isWorthKeeping: Bool {
        self.count > (self[SessionState.permanentKey] == nil ? 0 : 1)
    }
}
