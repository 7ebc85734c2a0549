// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Sessions end on time, and using them costs few writes.
enum LifetimeChecks {
    static let all = [
        StoreCheck("a copied cookie stops working at the idle limit", idle),
        StoreCheck("a copied cookie stops working at the absolute limit", absolute),
        StoreCheck("a session that is used outlives its idle limit", inUse),
        StoreCheck("a request that only reads writes at most once per touch interval", touches),
        StoreCheck("requests at the same time that only read make one write", oneTouch),
    ]

    private static func idle(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        let visitor = try await trial.signedIn(trial.sessions(clock))
        clock.advance(by: .milliseconds(3_599_999))
        try await trial.expect(visitor, isSignedIn: true, "a session lives until a millisecond before its idle limit")
        clock.advance(by: .milliseconds(1))
        try await trial.expect(visitor, isSignedIn: false, "a session ends at its idle limit")
    }

    private static func absolute(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(trial.sessions(clock))
        let copy = visitor
        for _ in 0..<47 {
            clock.advance(by: .seconds(1800))
            try await visitor.visit { $0["seen"] = true }
        }
        clock.advance(by: .milliseconds(1_799_999))
        try await trial.expect(copy, isSignedIn: true, "a session lives until a millisecond before its absolute limit")
        clock.advance(by: .milliseconds(1))
        try await trial.expect(copy, isSignedIn: false, "a session ends at its absolute limit, however much it is used")
    }

    private static func inUse(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(trial.sessions(clock))
        for _ in 0..<6 {
            clock.advance(by: .seconds(3000))
            try await trial.expect(visitor, isSignedIn: true, "a session that is used every 50 minutes lives on")
            try await visitor.visit()
        }
    }

    private static func touches(_ trial: StoreTrial) async throws {
        let (clock, store) = (trial.clock(), CountingStore(trial.store))
        var visitor = try await trial.signedIn(
            trial.sessions(clock, in: store) { $0.place.stored?.touchInterval = .seconds(60) })
        let before = store.writeCount
        // Ten minutes, a request a second.
        for _ in 0..<600 {
            clock.advance(by: .seconds(1))
            try await visitor.visit { _ = $0["user"] }
        }
        let count = store.writeCount - before
        trial.expect(
            count == 10, "ten minutes of reading with a touch interval of one make 10 writes; they made \(count)")
    }

    private static func oneTouch(_ trial: StoreTrial) async throws {
        let (clock, store) = (trial.clock(), CountingStore(trial.store))
        let visitor = try await trial.signedIn(
            trial.sessions(clock, in: store) { $0.place.stored?.touchInterval = .seconds(60) })
        clock.advance(by: .seconds(60))
        let before = store.writeCount
        let requests = try await trial.inParallel { _ in try await visitor.open() }
        _ = try await trial.inParallel { try await visitor.sessions.commit(requests[$0]) }
        let count = store.writeCount - before
        trial.expect(count == 1, "\(requests.count) requests at once that only read make one write; they made \(count)")
    }
}
