// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

/// What a session is made of; `Session` guards one with a lock.
package struct SessionState: Sendable {
    /// What the request brought.
    private(set) var origin: SessionOrigin
    var request = RequestFacts()
    /// What the session holds by now.
    package var values = SessionDictionary()
    /// What the request wants done at the commit.
    package var intent = SessionIntent()

    // What the library notes on the way.

    /// Whether anything has looked at the session.
    var isAccessed = false
    /// Whether this request was for users who are signed in, so that no cache may keep its response.
    var isForUser = false
    /// Whether a change was refused because there is no session.
    var hasRefusedChange = false
    /// The messages that this request took out, which it may ask for again.
    var takenFlashes: [FlashMessage]?
    /// Whether this request gave out a token against cross-site requests.
    var hasGivenToken = false
    /// What the next renewal takes as the secret of the session's tokens. It is made before the session's lock is
    /// taken, because the source of random bytes may be the application's.
    var nextToken: CrossSiteToken?
    /// Values that something tried to read as another type than theirs, by key; the commit logs them.
    var unreadable: [String: SessionError] = [:]
    /// Where a change after the commit is logged; nil before the commit, and once one change was logged.
    var lateChangeLogger: Logger?
    /// What was changed after the commit and is to be logged.
    var lateChangeKey: String?
    /// What the response does to the cookie although the commit has failed, because the request has ended sessions.
    var actionAfterFailure = CookieAction.none

    /// A session of this origin; `values` are those of a new one.
    package init(_ origin: SessionOrigin = .nothing, values: SessionDictionary = [:]) {
        self.origin = origin
        self.values = self.found?.values ?? values
    }

    // MARK: - Where it comes from

    /// How the session is to be read; nil once it has been, and when there is nothing to read.
    var opening: SessionOpening? { if case .unopened(let opening) = self.origin { opening } else { nil } }

    /// The session that the request found; nil while nothing has looked at it.
    package var found: (any FoundSession)? { if case .found(let found) = self.origin { found } else { nil } }

    /// Why there is no session.
    var unavailable: SessionError? { if case .unavailable(let error) = self.origin { error } else { nil } }

    /// Whether the browser has got another cookie since the request came.
    var isSuperseded: Bool { if case .superseded = self.origin { true } else { false } }

    /// Whether the session began with this request.
    var isNew: Bool { self.found == nil }

    /// Whether the idle time begins again with this request.
    package var isUse: Bool {
        self.intent.countsAsUse || self.intent.restartsLimits || self.intent.isDestroyed || self.isNew
    }

    /// Names the session that the request came with; nil when nothing does.
    package var id: SessionID? { self.found?.id }

    /// Takes over what the cookie held.
    ///
    /// - Returns: False when another task was first.
    mutating func finishOpening(with found: (any FoundSession)?) -> Bool {
        guard self.opening != nil else { return false }
        self.origin = found.map(SessionOrigin.found) ?? .refused
        guard let found else { return true }
        // A log handler may have put something in while the cookie was being read.
        let early = self.values
        self.values = found.values
        for (key, value) in early { self.values[key] = value }
        return true
    }

    // MARK: - Changes

    /// Makes a change. To be made again on newer values, it is kept, or the update that it came of.
    mutating func make(_ change: SessionChange, of update: SessionChange? = nil) {
        guard self.unavailable == nil else {
            self.hasRefusedChange = true
            return
        }
        self.intent.isModified = true
        self.noteChange(of: change.key ?? "all")
        let count = self.values.count
        let user = change.mayChangeUser ? self.values.user : nil
        do {
            try change.apply(to: &self.values)
            change.settle(&self.intent.failures)
            if case .removeAll = change { self.intent.hasRemovedAll = true }
            if self.found?.isMerged == true { self.intent.changes.append(update ?? change) }
            if self.values.count < count { self.dropLoneToken(after: change) }
            if change.mayChangeUser, !SessionUser.isSame(user, self.values.user) { self.followUser() }
        } catch {
            self.fail(error, at: change.key)
        }
    }

    /// Remembers that the value for a key could not be had.
    mutating func fail(_ error: any Error, at key: String?) {
        self.refuseIfUnavailable()
        self.noteChange(of: key ?? "all")
        self.intent.failures[key ?? ""] = error as? SessionError ?? .unencodable(key, error)
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
        guard !self.unreadable.isEmpty else { return [] }
        defer { self.unreadable = [:] }
        return self.unreadable.sorted { $0.key < $1.key }.map(\.value)
    }

    /// To be called when a change turned out to change nothing: where there is no session, the commit throws for it all
    /// the same.
    mutating func refuseIfUnavailable() {
        if self.unavailable != nil { self.hasRefusedChange = true }
    }

    /// Ends what was opened, and goes on with nothing.
    mutating func destroy() {
        self.make(.removeAll)
        guard self.unavailable == nil else { return }
        self.intent.destroy()
    }

    package var isPermanent: Bool { self.values.isPermanent }

    package static let permanentKey = "_permanent"
    static let flashesKey = "_flashes"

    /// Whether a renewal needs a secret for the session's tokens and has none at hand.
    ///
    /// - Parameter ifSignedIn: Whether there is a renewal only when the visitor is signed in.
    func lacksToken(ifSignedIn: Bool) -> Bool {
        guard self.nextToken == nil, self.unavailable == nil else { return false }
        guard self.found?.isMerged == true || self.values[CrossSiteToken.key] != nil else { return false }
        return !ifSignedIn || self.values.user != nil
    }

    /// Asks for a new secret for the session, and takes one for its tokens, so that those before are dead.
    mutating func renew() {
        self.intent.wantsRenewal = true
        self.intent.isModified = self.unavailable == nil
        self.noteChange(of: "renewal")
        self.refuseIfUnavailable()
        // Also a secret that another request puts into a stored session in this moment.
        guard self.unavailable == nil, self.found?.isMerged == true || self.values[CrossSiteToken.key] != nil else {
            return
        }
        // Without a new one the tokens before die all the same.
        let new = self.nextToken?.stored
        self.nextToken = nil
        self.make(.update(CrossSiteToken.key) { $0 == nil ? nil : new })
    }
}

extension SessionDictionary {
    package var isPermanent: Bool { self[SessionState.permanentKey]?.isTruthy == true }
}

/// One thing that a request did to its session, kept so that it can be done again to newer values.
package enum SessionChange: Sendable {
    case set(String, SessionValue)
    /// Adds to the end of a list; what is no list is replaced by one.
    case append(String, SessionValue)
    case remove(String)
    /// Removes an entry if there is no other.
    case removeAlone(String)
    case removeLast
    case removeAll
    case update(String, @Sendable (SessionValue?) throws -> SessionValue?)

    /// - Throws: What an update's closure throws: its new value has no stored form.
    func apply(to values: inout SessionDictionary) throws {
        switch self {
        case .set(let key, let value): values[key] = value
        case .append(let key, let value): values.append(value, toListUnder: key)
        case .remove(let key): values.removeValue(forKey: key)
        case .removeAlone(let key): if values.count == 1 { values.removeValue(forKey: key) }
        case .removeLast: _ = values.popLast()
        case .removeAll: values.removeAll()
        case .update(let key, let body): values[key] = try body(values[key])
        }
    }

    /// The key that it is about; nil when it is about the whole session.
    var key: String? {
        switch self {
        case .set(let key, _), .append(let key, _), .remove(let key), .removeAlone(let key), .update(let key, _): key
        case .removeLast, .removeAll: nil
        }
    }

    /// Whether it puts nothing in.
    var onlyRemoves: Bool {
        switch self {
        case .remove, .removeAlone, .removeLast, .removeAll: true
        case .set, .append, .update: false
        }
    }

    /// Takes back what is no longer wrong once the change has been made.
    func settle(_ failures: inout [String: SessionError]) {
        guard !failures.isEmpty else { return }
        if let key = self.key { failures[key] = nil }
        if case .removeAll = self { failures = [:] }
    }
}
