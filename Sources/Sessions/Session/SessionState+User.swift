// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What may name a user. Names are told apart by their bytes.
enum SessionUser {
    static let maximumLength = 1024

    /// The user under whom stores keep the list of revocations; no visitor can sign in as it.
    static let reserved = "dewar.revocations"

    static func isUsable(_ user: String) -> Bool {
        (1...Self.maximumLength).contains(user.utf8.count) && !Self.isSame(user, Self.reserved)
    }

    static func isSame(_ left: String?, _ right: String?) -> Bool {
        switch (left, right) {
        case (nil, nil): true
        case (let left?, let right?): left.utf8.elementsEqual(right.utf8)
        default: false
        }
    }

    static let unusable = SessionError(
        .unstorableValue,
        "No user was signed in: the name of a user has 1 to \(Self.maximumLength) bytes, and this one has not, or is reserved."
    )
}

extension SessionDictionary {
    /// Who is signed in.
    package var user: String? {
        let user: String
        switch self[SessionState.userKey] {
        case .string(let text): user = text
        case .int(let number): user = String(number)
        case .bigInteger(let number): user = number.description
        default: return nil
        }
        return SessionUser.isUsable(user) ? user : nil
    }

    /// When they last proved it. The time is kept with the user whose it is, because a Flask application knows nothing
    /// of it and leaves it to the next one.
    var authenticatedAt: Date? {
        guard case .list(let stamp)? = self[SessionState.authenticatedAtKey], stamp.count == 2,
            case .int(let seconds) = stamp[0], case .string(let user) = stamp[1], SessionUser.isSame(user, self.user),
            (0...Int(CivilTime.lastSecond)).contains(seconds)
        else { return nil }
        return Date(milliseconds: seconds * 1000)
    }
}

extension SessionState {
    /// Flask-Login's key (`flask_login/utils.py`, `login_user`).
    static let userKey = "_user_id"
    static let authenticatedAtKey = "_authenticated_at"

    /// - Parameter now: Seconds since 1970.
    mutating func signIn(as user: String, at now: Int) {
        guard SessionUser.isUsable(user) else {
            self.refuseIfUnavailable()
            self.intent.failures[Self.userKey] = SessionUser.unusable
            return
        }
        self.renew()
        self.make(.set(Self.userKey, .string(user)))
        self.stamp(at: now)
    }

    mutating func reauthenticate(at now: Int) {
        self.renew()
        guard self.values.user != nil else { return }
        self.stamp(at: now)
    }

    private mutating func stamp(at now: Int) {
        guard let user = self.values.user else { return }
        self.make(.set(Self.authenticatedAtKey, .list([.int(now), .string(user)])))
        self.intent.restartsLimits = self.unavailable == nil
    }

    /// Another user, or none, however the entry was changed: no secret from before is good, nor is the time of a
    /// sign-in.
    mutating func followUser() {
        if !self.intent.wantsRenewal, !self.isNew { self.renew() }
        if self.values.contains(Self.authenticatedAtKey) { self.make(.remove(Self.authenticatedAtKey)) }
    }

    /// Whether another user is signed in than when the session was found, or none any more.
    var changesUser: Bool { self.found.map { !SessionUser.isSame($0.values.user, self.values.user) } ?? false }

    /// A time that lies ahead was written by a server whose clock is ahead, or forged.
    func isFresh(within limit: Duration, at now: Date) -> Bool {
        guard let authenticatedAt = self.values.authenticatedAt else { return false }
        let age = now.milliseconds - authenticatedAt.milliseconds
        return age < limit.milliseconds && age >= -Self.greatestLead
    }

    private static let greatestLead = 60_000
}

extension SessionChange {
    var mayChangeUser: Bool { self.key.map { $0 == SessionState.userKey } ?? true }
}

/// Signing out without `signOut()`, as tutorials do it: the user, or the last entry, is taken out of the session.
extension SessionState {
    /// Whether the request signs out by what it has taken out: who was signed in no longer is, or nothing is left of
    /// what the application had put in.
    ///
    /// Such a request ends the session with the force of `signOut()`: when another request has renewed the session
    /// meanwhile, its cookie would otherwise stay signed in. Messages that a page shows are no entry of the
    /// application's: to take the last one out ends nothing.
    package var signsOut: Bool {
        guard self.intent.isModified, !self.intent.isDestroyed, let before = self.found?.values, before.holdsEntries
        else { return false }
        let hasUser = self.values.user != nil
        if before.user != nil, !hasUser { return true }
        // One that is cleared before a sign-in goes on.
        return !self.values.holdsEntries || (self.intent.hasRemovedAll && !hasUser)
    }

    /// Whether no cookie from before may open the session any more: it gets another id or secret, or what the visitor
    /// was signed in by has been taken out.
    var closesCookie: Bool { self.intent.wantsRenewal || self.changesUser || self.signsOut }

    /// The same with what is left in a session of its own, as after `destroy()`.
    var endedByRemoval: SessionState {
        var state = self
        state.intent.isDestroyed = true
        state.intent.changes = []
        return state
    }

    /// The session as the request found it, under another id, as after the end of all others of its user.
    var renewedAsFound: SessionState {
        var state = self
        state.values = self.found?.values ?? [:]
        state.intent = SessionIntent()
        state.intent.revokedOthersAt = self.intent.revokedOthersAt
        state.intent.wantsRenewal = true
        state.intent.isModified = true
        return state
    }
}

extension SessionDictionary {
    /// Whether there is an entry that the library has not put in by itself.
    fileprivate var holdsEntries: Bool {
        self.count > Self.libraryKeys.count { self.contains($0) }
    }

    private static let libraryKeys = [
        SessionState.permanentKey, SessionState.flashesKey, SessionState.authenticatedAtKey, CrossSiteToken.key,
    ]
}
