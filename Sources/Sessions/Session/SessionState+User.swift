// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension SessionState {
    /// Flask-Login's key (`flask_login/utils.py`, `login_user`).
    static let userKey = "_user_id"
    static let authenticatedAtKey = "_authenticated_at"

    /// - Parameter now: Seconds since 1970.
    mutating func signIn(as user: String, at now: Int) {
        guard SessionUser.isUsable(user) else {
            self.makeNoChange()
            self.failures[Self.userKey] = SessionUser.unusable
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
        self.make(.set(Self.authenticatedAtKey, [.int(now), .string(user)]))
        self.restartsLimits = self.unavailable == nil
    }

    /// Another user, or none, whoever changed the entry: no secret from before is good, nor is the time of a sign-in.
    mutating func followUser() {
        if !self.wantsRenewal, !self.isNew { self.renew() }
        if self.values[Self.authenticatedAtKey] != nil { self.make(.remove(Self.authenticatedAtKey)) }
    }

    /// Whether another user is signed in than when the cookie was opened, or none any more.
    var changesUser: Bool { self.opened.map { !SessionUser.isSame($0.values.user, self.values.user) } ?? false }

    /// A time that lies ahead is another server's whose clock is, or nobody's.
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
