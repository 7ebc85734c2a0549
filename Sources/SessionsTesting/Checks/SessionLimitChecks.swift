// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A user has no more sessions than are allowed.
enum SessionLimitChecks {
    static let all = [
        StoreCheck("a sign-in beyond the limit is refused and changes nothing", refusing),
        StoreCheck("a sign-in beyond the limit ends the oldest", ending),
        StoreCheck("of sign-ins at once as many stand as a limit that refuses allows", refusingAtOnce),
        StoreCheck("of sign-ins at once as many stand as a limit that ends the oldest allows", endingAtOnce),
    ]

    private static func refusing(_ trial: StoreTrial) async throws {
        let user = trial.newUser()
        let sessions = try trial.sessions(trial.clock()) { $0.place.stored?.sessionLimit = .refusingNewest(2) }
        let signedIn = [try await UserChecks.signIn(user, sessions), try await UserChecks.signIn(user, sessions)]
        var visitor = Visitor(sessions)
        try await visitor.visit { $0["cart"] = ["apple"] }
        let isSignedIn = try await Self.signIn(user, &visitor)
        trial.expect(!isSignedIn, "a sign-in beyond the limit is refused")
        let session = try await visitor.open()
        trial.expect(
            session["cart"] == ["apple"] && session.user == nil, "what is refused leaves its session as it was")
        for visitor in signedIn { try await UserChecks.expect(visitor, isSignedInAs: user, trial) }
        var leaving = signedIn[0]
        try await leaving.visit { $0.signOut() }
        let isLetIn = try await Self.signIn(user, &visitor)
        trial.expect(isLetIn, "once another has signed out there is room")
        try await UserChecks.expect(visitor, isSignedInAs: user, trial)
    }

    private static func ending(_ trial: StoreTrial) async throws {
        let (user, clock) = (trial.newUser(), trial.clock())
        let sessions = try trial.sessions(clock) { $0.place.stored?.sessionLimit = .endingOldest(2) }
        var visitors: [Visitor] = []
        for _ in 0..<2 {
            visitors.append(try await UserChecks.signIn(user, sessions))
            clock.advance(by: .seconds(1))
        }
        // The step-up makes the first session the newest.
        try await visitors[0].visit { $0.reauthenticate() }
        clock.advance(by: .seconds(1))
        visitors.append(try await UserChecks.signIn(user, sessions))
        for (visitor, isIn) in zip(visitors, [true, false, true]) {
            try await UserChecks.expect(visitor, isSignedInAs: isIn ? user : nil, trial)
        }
    }

    private static func refusingAtOnce(_ trial: StoreTrial) async throws {
        try await Self.atOnce(trial) { .refusingNewest($0) }
    }

    private static func endingAtOnce(_ trial: StoreTrial) async throws {
        try await Self.atOnce(trial) { .endingOldest($0) }
    }

    /// Signs in once more than the limit allows, all at once.
    private static func atOnce(_ trial: StoreTrial, _ makeLimit: (Int) -> SessionLimit) async throws {
        let (user, limit) = (trial.newUser(), min(trial.settings.parallelism, 10) - 1)
        let sessions = try trial.sessions(trial.clock()) { $0.place.stored?.sessionLimit = makeLimit(limit) }
        let visitors = try await trial.inParallel(limit + 1) { _ in
            var visitor = Visitor(sessions)
            return try await Self.signIn(user, &visitor) ? visitor : nil
        }
        var working = 0
        for visitor in visitors.compactMap({ $0 }) where try await visitor.open().user != nil { working += 1 }
        trial.expect(working == limit, "\(limit) of \(limit + 1) sign-ins at once stand; \(working) do")
        let count = try await sessions.activeSessions(of: user).count
        trial.expect(count == limit, "as many sessions are listed as are allowed; \(count) are")
    }

    /// Whether the sign-in succeeded; false when the limit refused it.
    private static func signIn(_ user: String, _ visitor: inout Visitor) async throws -> Bool {
        do {
            try await visitor.visit { $0.signIn(as: user) }
            return true
        } catch let error as SessionError where error.kind == .sessionLimitReached {
            return false
        }
    }
}
