// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Users see their sessions, and can end each of them.
enum UserChecks {
    static let all = [
        StoreCheck("a user's devices are listed, the last used first", devices),
        StoreCheck("a session that is revoked ends, and no other does", revoked),
        StoreCheck("a session is revoked only for the user whose it is", revokedForItsUser),
        StoreCheck("revoking the others leaves the session that asks", others),
        StoreCheck("revoking all sessions of a user ends them for their next requests", all),
        StoreCheck("writers in flight bring back no session that was revoked", inFlight),
        StoreCheck("sessions that sign out leave the user's list", signedOut),
        StoreCheck("a planted cookie is worth nothing after the sign-in", fixation),
        StoreCheck("of two sign-ins at once one stands", rivals),
    ]

    private static func devices(_ trial: StoreTrial) async throws {
        let (user, clock) = (trial.newUser(), trial.clock())
        let sessions = try trial.sessions(clock)
        let laptop = try await Self.signIn(user, sessions, userAgent: Self.firefox)
        clock.advance(by: .seconds(600))
        let phone = try await Self.signIn(user, sessions)
        _ = try await Self.signIn(trial.newUser(), sessions)
        let list = try await sessions.activeSessions(of: user, current: laptop.open())
        let ids = [try await phone.open().id, try await laptop.open().id]
        trial.expect(
            list.map(\.id) == ids, "the user's two sessions are listed, the last used first; \(list.count) are")
        trial.expect(list.map(\.isCurrent) == [false, true], "the session that asks is marked")
        trial.expect(list.map(\.deviceLabel) == [nil, "Firefox on Linux"], "each has the label of its device")
        for (device, time) in zip(list, [trial.start.adding(.seconds(600)), trial.start]) {
            let age = device.authenticatedAt.map { time.timeIntervalSince($0) }
            trial.expect((0..<1).contains(age ?? -1), "the time of the sign-in is listed, to the second")
            trial.expect(device.createdAt == time && device.lastUsedAt == time, "the times of the session are listed")
        }
    }

    private static func revoked(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let sessions = try trial.sessions(trial.clock())
        let (lost, kept) = (try await Self.signIn(user, sessions), try await Self.signIn(user, sessions))
        guard let id = try await lost.open().id else { return trial.fail("expected: a session in a store has an id") }
        trial.expect(try await sessions.revoke(id), "revoking a session gives true")
        try await Self.expect(lost, isSignedInAs: nil, trial)
        try await Self.expect(kept, isSignedInAs: user, trial)
        trial.expect(try await !sessions.revoke(id), "revoking what has ended gives false")
        let count = try await sessions.activeSessions(of: user).count
        trial.expect(count == 1, "a session that was revoked is not listed; \(count) are")
    }

    private static func revokedForItsUser(_ trial: StoreTrial) async throws {
        let (alice, mallory) = (trial.newUser(), trial.newUser())
        let sessions = try trial.sessions(trial.clock())
        let visitor = try await Self.signIn(alice, sessions)
        guard let id = try await visitor.open().id else {
            return trial.fail("expected: a session in a store has an id")
        }
        trial.expect(try await !sessions.revoke(id, of: mallory), "nobody ends another user's session")
        try await Self.expect(visitor, isSignedInAs: alice, trial)
        trial.expect(try await sessions.revoke(id, of: alice), "users end their own sessions")
        try await Self.expect(visitor, isSignedInAs: nil, trial)
    }

    private static func others(_ trial: StoreTrial) async throws {
        let (user, stranger) = (trial.newUser(), trial.newUser())
        let sessions = try trial.sessions(trial.clock())
        var visitors: [Visitor] = []
        for _ in 0..<3 { visitors.append(try await Self.signIn(user, sessions)) }
        let other = try await Self.signIn(stranger, sessions)
        let count = try await sessions.revokeOthers(than: visitors[1].open())
        trial.expect(count == 2, "two of three sessions are ended; \(count) were")
        for (index, visitor) in visitors.enumerated() {
            try await Self.expect(visitor, isSignedInAs: index == 1 ? user : nil, trial)
        }
        try await Self.expect(other, isSignedInAs: stranger, trial)
    }

    private static func all(_ trial: StoreTrial) async throws {
        let (user, stranger) = (trial.newUser(), trial.newUser())
        let sessions = try trial.sessions(trial.clock())
        let visitors = try await trial.inParallel { _ in try await Self.signIn(user, sessions) }
        let other = try await Self.signIn(stranger, sessions)
        let count = try await sessions.revokeAll(of: user)
        trial.expect(count == visitors.count, "all \(visitors.count) sessions of the user are ended; \(count) were")
        for visitor in visitors { try await Self.expect(visitor, isSignedInAs: nil, trial) }
        try await Self.expect(other, isSignedInAs: stranger, trial)
        trial.expect(try await sessions.activeSessions(of: user).isEmpty, "no session of the user is left")
        let again = try await Self.signIn(user, sessions)
        try await Self.expect(again, isSignedInAs: user, trial)
    }

    private static func inFlight(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let visitor = try await Self.signIn(user, trial.sessions(trial.clock()))
        let requests = try await trial.inParallel { _ in try await visitor.open() }
        _ = try await trial.inParallel(requests.count + 1) { index in
            if index < requests.count {
                requests[index]["key\(index)"] = "late"
                _ = try await visitor.sessions.commit(requests[index])
            } else {
                try await visitor.sessions.revokeAll(of: user)
            }
        }
        try await Self.expect(visitor, isSignedInAs: nil, trial)
        let count = try await visitor.sessions.activeSessions(of: user).count
        trial.expect(count == 0, "no session that was revoked comes back; \(count) did")
    }

    private static func signedOut(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let sessions = try trial.sessions(trial.clock())
        for signOut in [{ $0.signOut() }, { $0.removeAll() }, { $0.pop("_user_id") }] as [(Session) -> Void] {
            var visitor = try await Self.signIn(user, sessions)
            let copy = visitor
            try await visitor.visit { session in
                signOut(session)
                session["note"] = "signed out"
            }
            for visitor in [visitor, copy] { try await Self.expect(visitor, isSignedInAs: nil, trial) }
            let count = try await sessions.activeSessions(of: user).count
            trial.expect(count == 0, "a session that has signed out is not listed; \(count) are")
        }
    }

    private static func fixation(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        var visitor = Visitor(try trial.sessions(trial.clock()))
        try await visitor.visit { $0["planted"] = true }
        let planted = visitor
        let slow = try await planted.open()
        try await visitor.visit { $0.signIn(as: user) }
        try await Self.expect(visitor, isSignedInAs: user, trial)
        trial.expect(try await planted.open().isEmpty, "the cookie that was planted gives an empty session")
        slow["late"] = true
        _ = try await planted.sessions.commit(slow)
        trial.expect(
            try await visitor.look("late") == nil, "a request with the planted cookie changes nothing any more")
    }

    private static func rivals(_ trial: StoreTrial) async throws {
        for _ in 0..<10 {
            var first = Visitor(try trial.sessions(trial.clock()))
            try await first.visit { $0["cart"] = ["apple"] }
            let (visitor, users) = (first, [trial.newUser(), trial.newUser()])
            let requests = [try await visitor.open(), try await visitor.open()]
            let visitors = try await trial.inParallel(2) { index in
                var own = visitor
                requests[index].signIn(as: users[index])
                try await own.commit(requests[index])
                return own
            }
            var signedIn: [String] = []
            for visitor in visitors { signedIn += [try await visitor.open().user].compactMap { $0 } }
            trial.expect(signedIn.count == 1, "one of two sign-ins at once stands; \(signedIn.count) do")
            for user in users {
                let count = try await visitor.sessions.activeSessions(of: user).count
                trial.expect(count == (signedIn == [user] ? 1 : 0), "the lists tell which of two sign-ins stands")
            }
        }
    }

    // MARK: - Helpers

    static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"

    static func signIn(
        _ user: String, _ sessions: SessionManager, userAgent: String? = nil
    ) async throws -> Visitor {
        var visitor = Visitor(sessions)
        let session = try await sessions.open([], userAgent: userAgent)
        session.signIn(as: user)
        try await visitor.commit(session)
        return visitor
    }

    static func expect(_ visitor: Visitor, isSignedInAs user: String?, _ trial: StoreTrial) async throws {
        let found = try await visitor.open().user
        trial.expect(
            found.map { Array($0.utf8) } == user.map { Array($0.utf8) },
            user == nil ? "the cookie of a session that was ended signs nobody in" : "the user is signed in")
    }
}
