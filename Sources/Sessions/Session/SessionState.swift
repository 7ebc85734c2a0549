// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

/// What a session is made of; `Session` guards one with a lock.
struct SessionState: Sendable {
    /// Reads the session's contents on first use; nil once it has, and when no cookie came with the request.
    var opening: SessionOpening?
    /// The cookie that came with the request, unchecked.
    let token: ArraySlice<UInt8>?
    var values = SessionDictionary()
    /// What the cookie carried, once opened; nil when it carried no session.
    var opened: TokenContents?
    /// The record that the cookie led to; nil when it led to none.
    let stored: StoredSession?
    /// The record of Flask-Session that the cookie led to; nil when it led to none, and wherever else sessions are
    /// kept.
    let shared: FlaskSessionRecord?
    /// What this request did to a stored session, in order; a new one, and one in its cookie, is never merged.
    var changes: [SessionChange] = []
    var isAccessed = false
    var isModified = false
    /// Whether the session that was opened is to end. What is set afterwards begins another.
    var isDestroyed = false
    /// Whether everything was taken out at some time.
    var hasRemovedAll = false
    /// Whether the session is to have a new secret.
    var wantsRenewal = false
    /// What ended all other sessions of the user: the id that this one gets is from after it.
    var mark: Int?
    /// Limits for this session alone.
    var lifetime: SessionLifetime?
    /// Whether the limits were set, be it to nil.
    var changesLifetime = false
    /// Whether the limits start anew, because somebody proved who they are.
    var restartsLimits = false
    /// Whether the request is a use that keeps the session alive, as far as the application says.
    var countsAsUse = true
    /// The limits of a session that has none of its own.
    var configuredLifetime = SessionLifetime.standard
    /// Whether a cookie of the session's name came, be it good or not.
    var cameWithCookie = false
    /// Whether none came, and the browser may have kept one back because another site sent the request.
    var mayHaveHiddenCookie = false
    /// What the request's browser calls itself.
    var userAgent: String?
    var clock = SessionClock.system
    var random = SessionRandom.system
    /// The messages that this request took out, which it may ask for again.
    var takenFlashes: [FlashMessage]?
    /// Whether this request was for those alone who are signed in, so that no cache may keep its answer.
    var isForUser = false
    /// Whether this request gave out a token against cross-site requests.
    var hasGivenToken = false
    /// Why there is no session: reading gives nothing, and a change is refused, and throws this at the commit.
    let unavailable: SessionError?
    var hasRefusedChange = false
    /// What the next renewal takes as the secret of the session's tokens. It is made before the session's lock is taken,
    /// because the source of random bytes may be the application's.
    var nextToken: CrossSiteToken?
    /// Values that something tried to read as a type that they are none of, by key: to be told at the commit.
    var unreadable: [String: SessionError] = [:]
    /// Where a change is told of that comes after the commit; nil before it, and once one was told.
    var lateChangeLogger: Logger?
    /// What was changed after the commit, to be told.
    var lateChangeKey: String?
    /// Changes that could not be made, by key. The commit throws one, unless the key has been set to something better.
    var failures: [String: SessionError] = [:]

    /// A session that begins, or that the cookie carries and `opening` will read.
    ///
    /// - Parameters:
    ///   - token: The cookie.
    ///   - opening: Reads the cookie; what it throws goes to `refuse`.
    ///   - refuse: Says why the cookie gave no session.
    init(
        token: ArraySlice<UInt8>? = nil, opening: (@Sendable () throws(TokenError) -> TokenContents?)? = nil,
        refuse: @escaping @Sendable (TokenError) -> Void = { _ in }
    ) {
        self.token = token
        self.opening = opening.map { SessionOpening(read: $0, refuse: refuse) }
        self.stored = nil
        self.shared = nil
        self.unavailable = nil
    }

    /// A session that was found in a store.
    init(values: SessionDictionary, stored: StoredSession) {
        self.token = nil
        self.values = values
        self.stored = stored
        self.shared = nil
        self.unavailable = nil
    }

    /// A session that a Flask-Session application shares; nil for a record begins one with these values.
    init(values: SessionDictionary, shared: FlaskSessionRecord?) {
        self.token = nil
        self.values = values
        self.stored = nil
        self.shared = shared
        self.unavailable = nil
    }

    /// No session, for a reason.
    init(unavailable: SessionError) {
        self.token = nil
        self.stored = nil
        self.shared = nil
        self.unavailable = unavailable
    }

    /// Whether the session began with this request.
    var isNew: Bool { self.opened == nil && self.stored == nil && self.shared == nil }

    /// Names the session that the request came with; nil when nothing does.
    var id: SessionID? { self.stored?.record.id ?? self.opened?.id }

    /// Takes over what the cookie held.
    ///
    /// - Returns: False when another task was first.
    mutating func finishOpening(with contents: TokenContents?) -> Bool {
        guard self.opening != nil else { return false }
        self.opening = nil
        self.opened = contents
        guard let contents else { return true }
        // A log handler may have put something in while the cookie was being read.
        let early = self.values
        self.values = contents.values
        for (key, value) in early { self.values[key] = value }
        return true
    }

    /// Makes a change. To be made again on newer values, it is kept, or the update that it came of.
    mutating func make(_ change: SessionChange, of update: SessionChange? = nil) {
        guard self.unavailable == nil else {
            self.hasRefusedChange = true
            return
        }
        self.isModified = true
        self.noteChange(of: change.key ?? "all")
        let count = self.values.count
        let user = change.mayChangeUser ? self.values.user : nil
        do {
            try change.apply(to: &self.values)
            change.settle(&self.failures)
            if case .removeAll = change { self.hasRemovedAll = true }
            if self.stored != nil { self.changes.append(update ?? change) }
            if self.values.count < count { self.dropLoneToken(after: change) }
            if change.mayChangeUser, !SessionUser.isSame(user, self.values.user) { self.followUser() }
        } catch {
            self.fail(error, at: change.key)
        }
    }

    /// Remembers that the value for a key could not be had.
    mutating func fail(_ error: any Error, at key: String?) {
        self.makeNoChange()
        self.noteChange(of: key ?? "all")
        self.failures[key ?? ""] = error as? SessionError ?? .unencodable(error)
    }

    /// Remembers what was changed, if that is too late.
    mutating func noteChange(of key: String) {
        guard self.lateChangeLogger != nil, self.lateChangeKey == nil else { return }
        self.lateChangeKey = key
    }

    /// What is to be told of a change that came too late; the first of a session.
    mutating func takeLateChange() -> LateChange? {
        guard let logger = self.lateChangeLogger, let key = self.lateChangeKey else { return nil }
        self.lateChangeLogger = nil
        return LateChange(logger: logger, key: key)
    }

    /// What could not be read, in the order of the keys.
    mutating func takeUnreadable() -> [SessionError] {
        defer { self.unreadable = [:] }
        return self.unreadable.sorted { $0.key < $1.key }.map(\.value)
    }

    /// A change that finds nothing to do; without a key it is refused like any other.
    mutating func makeNoChange() {
        if self.unavailable != nil { self.hasRefusedChange = true }
    }

    /// Ends what was opened, and goes on with nothing.
    mutating func destroy() {
        self.make(.removeAll)
        guard self.unavailable == nil else { return }
        self.changes = []
        self.lifetime = nil
        self.changesLifetime = false
        self.isDestroyed = true
    }

    var isPermanent: Bool { self.values.isPermanent }

    static let permanentKey = "_permanent"
    static let flashesKey = "_flashes"
}

extension SessionDictionary {
    var isPermanent: Bool { self[SessionState.permanentKey]?.isTruthy == true }
}

/// How a cookie's session is read when something first looks at it.
///
/// Both closures run code of the application's: its clock, its counters, its log handler. No lock is held meanwhile.
struct SessionOpening: Sendable {
    /// Decodes and judges the cookie. Where two tasks look at once it may run twice, and what it gave first counts.
    let read: @Sendable () throws(TokenError) -> TokenContents?
    /// Says why the cookie gave no session, once.
    let refuse: @Sendable (TokenError) -> Void
}
