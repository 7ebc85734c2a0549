// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// A visitor's session during one request: a dictionary that is still there at the next request.
///
/// ```swift
/// session["username"] = "admin"
/// if let username = session["username"] { print("Logged in as \(username)") }
/// session.pop("username")
/// ```
///
/// It is a reference: every part of a request sees the same session, and may use it in parallel. Nothing is written
/// before ``SessionManager/commit(_:logger:)``. The contents are read when something first looks at them. A request
/// that never does pays nothing for a sealed cookie, and is no use of the session; of a signed one it reads the time in
/// the text, because the cookie may have to be sent again.
///
/// A change after the commit, from a task that goes on or a body that is still being sent, is saved by nothing: the log
/// has a warning with its key, once for a session.
///
/// Nested changes are noticed, because Swift's arrays and dictionaries are values: `session["list", default:
/// [String]()].append("x")` is a change to the session.
public final class Session: Sendable {
    private let state: Mutex<SessionState>

    package init(_ state: SessionState) {
        self.state = Mutex(state)
    }

    // MARK: - One value

    /// The value under a key; nil removes it.
    public subscript(key: String) -> SessionValue? {
        get { self.read { $0.values.decoded(key) } }
        set { if let newValue { self.make(.set(key, newValue)) } else { self.pop(key) } }
    }

    /// Whether there is a value under the key (Python's `key in session`).
    public func contains(_ key: String) -> Bool {
        self.read { $0.values.contains(key) }
    }

    /// Removes a value and gives it back, or nil when there is none (Flask's `session.pop(key, None)`).
    @discardableResult
    public func pop(_ key: String) -> SessionValue? {
        self.writeRenewing(if: key == SessionState.userKey, ifSignedIn: true) { state in
            guard let value = state.values[key] else {
                state.refuseIfUnavailable()
                return nil
            }
            state.make(.remove(key))
            return value
        }
    }

    /// Removes the entry that was added last and gives it back (Python's `popitem`); nil when the session is empty.
    @discardableResult
    public func popLast() -> SessionDictionary.Element? {
        self.writeRenewing(ifSignedIn: true) { state in
            var values = state.values
            guard let last = values.popLast() else {
                state.refuseIfUnavailable()
                return nil
            }
            state.make(.removeLast)
            return last
        }
    }

    /// The value under the key, after `value` has been stored there if there was none (Python's `setdefault`).
    @discardableResult
    public func setDefault(_ key: String, _ value: SessionValue) -> SessionValue {
        self.writeRenewing(if: key == SessionState.userKey) { state in
            if let present = state.values[key] {
                state.refuseIfUnavailable()
                return present
            }
            state.make(.update(key) { $0 ?? value })
            return value
        }
    }

    // MARK: - The whole

    /// The number of values.
    public var count: Int { self.read { $0.values.count } }

    /// Whether there is no value.
    public var isEmpty: Bool { self.read { $0.values.isEmpty } }

    /// The keys in the order in which they were first set.
    public var keys: [String] { self.read { $0.values.keys } }

    /// Every entry as it is now: keys and values, in the order in which the keys were first set.
    public var entries: SessionDictionary { self.read { $0.values } }

    /// Stores every entry, over those with the same keys (Python's `update`). It counts as a change even with no entry.
    public func merge(_ entries: SessionDictionary) {
        self.writeRenewing(if: entries[SessionState.userKey] != nil) { state in
            for (key, value) in entries { state.make(.set(key, value)) }
            state.intent.isModified = state.unavailable == nil
            state.refuseIfUnavailable()
        }
    }

    /// Removes everything (Python's `clear`). It counts as a change even when there was nothing.
    public func removeAll() { self.make(.removeAll) }

    // MARK: - What happened to it

    /// Whether the session began with this request, rather than with a cookie that came along.
    public var isNew: Bool { self.read { $0.isNew } }

    /// Whether the session is to be written; Flask's `session.modified`, and as there it may be set by hand.
    public var isModified: Bool {
        get { self.read { $0.intent.isModified } }
        set {
            self.write { state in
                // What has been destroyed stays so.
                guard newValue || !state.intent.isDestroyed else { return }
                state.intent.isModified = newValue && state.unavailable == nil
                if !newValue { state.intent.changes = [] }
            }
        }
    }

    /// Whether anything has looked at the session, which the response must tell caches with `Vary: Cookie`.
    public var isAccessed: Bool { self.withState { $0.isAccessed } }

    /// Whether the cookie outlives the browser's session, for the configured lifetime (Flask's `session.permanent`).
    ///
    /// It is an entry of the session, `_permanent`, as in Flask.
    public var isPermanent: Bool {
        get { self.read { $0.isPermanent } }
        set { self.make(.set(SessionState.permanentKey, .bool(newValue))) }
    }

    // MARK: - Beginning and end

    /// The session's id, for logs and lists. It stays until ``renew()`` where the session is sealed in its cookie, and
    /// until the end where it is stored.
    ///
    /// Nil for a new session, for a cookie of Flask's format or of `.signed`, which has none, and for a session that is
    /// shared with Flask-Session, whose id is its secret.
    public var id: SessionID? { self.read { $0.id } }

    /// Limits for this session alone, in place of the configured ones; nil for those. "Remember me" is
    ///
    /// ```swift
    /// session.isPermanent = true
    /// session.lifetime = SessionLifetime(idle: .seconds(14 * 86400), absolute: .seconds(90 * 86400))
    /// ```
    ///
    /// The absolute limit counts from the beginning of the session, or the last ``signIn(as:)`` or
    /// ``reauthenticate()``. A stored session gives the limits that it has, be they its own or the configured ones. A
    /// session that lives in its cookie, or is shared with Flask-Session, has the configured limits, whatever is set
    /// here.
    public var lifetime: SessionLifetime? {
        get {
            self.read { state in
                switch state.intent.limits {
                case .asBefore: state.found?.lifetime
                case .configured: nil
                case .own(let lifetime): lifetime
                }
            }
        }
        set {
            self.write { state in
                state.intent.limits = newValue.map(SessionIntent.Limits.own) ?? .configured
                state.intent.isModified = state.unavailable == nil
                state.noteChange(of: "lifetime")
                state.refuseIfUnavailable()
            }
        }
    }

    /// Gives the session a new secret and keeps its contents; cookies that were sent before stop working.
    ///
    /// Call it whenever the visitor's privileges change (``signIn(as:)`` and ``reauthenticate()`` do it by themselves),
    /// so that a cookie planted or copied earlier is worth nothing. A session that is sealed in its cookie gets a new
    /// ``id``, and the cookies before stop working where there is a list of revocations
    /// (``SessionRevocations``); of other formats only the signing time changes. Tokens from
    /// ``csrfToken`` stop working too.
    ///
    /// - SeeAlso: OWASP Session Management Cheat Sheet, "Renew the Session ID After Any Privilege Level Change".
    public func renew() {
        self.writeRenewing { $0.renew() }
    }

    /// Ends the session: its record is removed, its cookie deleted, and no request in flight brings it back. Where no
    /// cookie came there is none to delete, and the response sets none.
    ///
    /// A copy of a cookie that carries the contents is dead only where there is a list
    /// (``SessionRevocations``). What is set afterwards begins another session.
    public func destroy() {
        self.writeRenewing(ifSignedIn: true) { $0.destroy() }
    }

    // MARK: - For the library

    /// Makes an update and gives the value that it left.
    ///
    /// The closure runs outside the lock, because it may look at this session, and again when the value has changed
    /// meanwhile.
    @usableFromInline
    func update(
        _ key: String, _ body: @escaping @Sendable (SessionValue?) throws -> SessionValue?
    ) -> SessionValue? {
        while true {
            let old = self[key]
            let result = Result { try body(old) }
            let updated: SessionValue?? = self.writeRenewing(if: key == SessionState.userKey) { state in
                guard state.values[key] == old else { return .none }
                switch result {
                case .success(let value):
                    state.make(value.map { .set(key, $0) } ?? .remove(key), of: .update(key, body))
                case .failure(let error): state.fail(error, at: key)
                }
                return .some(state.values[key])
            }
            if let updated { return updated }
        }
    }

    /// The id, for the library's own purposes.
    var quietID: SessionID? { self.openQuietly().id }

    /// The state as it is, not even opened.
    package var snapshot: SessionState { self.withState { $0 } }

    /// Opens the session for the library's own purposes, which no cache need know of.
    func openQuietly() -> SessionState {
        self.open()
        return self.snapshot
    }

    /// Works on the state as it is, not even opened. The body calls nothing of the application's.
    func withState<Result: Sendable>(_ body: (inout sending SessionState) -> Result) -> Result {
        self.state.withLock { body(&$0) }
    }
}

extension Session: Sequence {
    /// The entries as they are now, in the order in which their keys were first set.
    public func makeIterator() -> SessionDictionary.Iterator {
        self.entries.makeIterator()
    }
}
