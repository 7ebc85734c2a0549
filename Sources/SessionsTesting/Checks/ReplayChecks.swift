// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A cookie comes long after a renewal replaced its secret: a thief has a copy.
enum ReplayChecks {
    static let all = [
        StoreCheck("a replayed secret ends the session", explicit),
        StoreCheck("a replayed secret ends a session that was renewed periodically", periodic),
        StoreCheck("a replaced secret ends nothing while requests may be on their way", onTheWay),
        StoreCheck("of replays at the same time one ends the session", race),
        StoreCheck("nothing that is written at the same time saves a session from a replay", writers),
    ]

    /// The grace period for requests in flight, in seconds.
    private static let grace = 30

    private static func sessions(_ trial: StoreTrial, _ clock: ManualClock) throws -> SessionManager {
        try trial.sessions(clock) { $0.renewalGrace = .seconds(Self.grace) }
    }

    private static func explicit(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(try Self.sessions(trial, clock))
        try await Self.expectEnd(&visitor, trial, clock) { $0.renew() }
    }

    private static func periodic(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(
            try trial.sessions(clock) { configuration in
                configuration.place.stored?.renewalInterval = .seconds(600)
                configuration.renewalGrace = .seconds(Self.grace)
            })
        clock.advance(by: .seconds(600))
        try await Self.expectEnd(&visitor, trial, clock) { _ in }
    }

    private static func expectEnd(
        _ visitor: inout Visitor, _ trial: StoreTrial, _ clock: ManualClock, _ renewal: (Session) -> Void
    ) async throws {
        let (id, copy) = (try await trial.id(of: visitor), visitor)
        try await visitor.visit(renewal)
        trial.expect(visitor.cookie != copy.cookie, "a renewal sends another cookie")
        clock.advance(by: .milliseconds(Self.grace * 1000 + 1))
        try await trial.expect(visitor, isSignedIn: true, "the new cookie works after the grace")
        let events = visitor.sessions.events
        try await trial.expect(copy, isSignedIn: false, "a replayed cookie opens nothing")
        try await trial.expect(visitor, isSignedIn: false, "it has ended for the browser with its new cookie, too")
        trial.expect(
            events.takeAll().filter { $0.kind == .replayed && $0.sessionID == id }.count == 1,
            "one event tells of the replay")
        guard let id else { return trial.fail("expected: a session in a store has an id") }
        trial.expect(try await trial.store.read(id, at: clock.now) == nil, "the record of the session is gone")
    }

    private static func onTheWay(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(try Self.sessions(trial, clock))
        let first = visitor
        try await visitor.visit { $0.renew() }
        let second = visitor
        try await visitor.visit { $0.renew() }
        clock.advance(by: .seconds(Self.grace))
        for copy in [first, second] {
            try await trial.expect(copy, isSignedIn: false, "a cookie from before renew() opens nothing")
        }
        try await trial.expect(visitor, isSignedIn: true, "a request that was on its way ends nothing")
        clock.advance(by: .milliseconds(1))
        try await trial.expect(first, isSignedIn: false, "a cookie from before the last renewal but one opens nothing")
        try await trial.expect(visitor, isSignedIn: true, "only the secret before the last renewal is a replayed one")
    }

    private static func race(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(try Self.sessions(trial, clock))
        let copy = visitor
        try await visitor.visit { $0.renew() }
        clock.advance(by: .seconds(Self.grace + 1))
        let events = visitor.sessions.events
        let isIn = try await trial.inParallel { _ in try await copy.look("user") != nil }
        trial.expect(!isIn.contains(true), "no replayed cookie opens anything")
        let count = events.takeAll().count { $0.kind == .replayed }
        trial.expect(count == 1, "\(isIn.count) replays at once make one event; they made \(count)")
        try await trial.expect(visitor, isSignedIn: false, "the session has ended")
    }

    private static func writers(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(try Self.sessions(trial, clock))
        let copy = visitor
        try await visitor.visit { $0.renew() }
        clock.advance(by: .seconds(Self.grace + 1))
        let owner = visitor
        let requests = try await trial.inParallel(20) { _ in try await owner.open() }
        _ = try await trial.inParallel(21) { index in
            guard index < 20 else {
                _ = try await copy.open()
                return
            }
            requests[index]["key\(index)"] = "late"
            _ = try await owner.sessions.commit(requests[index])
        }
        try await trial.expect(visitor, isSignedIn: false, "the session has ended, whatever was written meanwhile")
    }
}
