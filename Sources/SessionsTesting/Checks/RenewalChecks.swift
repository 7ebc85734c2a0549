// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A new secret takes the place of the old one.
enum RenewalChecks {
    static let all = [
        StoreCheck("a copied cookie stops working after renew()", renewed),
        StoreCheck("of renewals in parallel one cookie works afterwards", race),
        StoreCheck("after a periodic renewal the old cookie works until the end of its grace", grace),
        StoreCheck("requests at the same time make one periodic renewal", oneRenewal),
        StoreCheck("no grace outlives renew()", graceAndRenew),
        StoreCheck("renewals do not extend the absolute limit", absoluteLimit),
    ]

    private static func periodic(_ trial: StoreTrial, _ clock: ManualClock) throws -> SessionManager {
        try trial.sessions(clock) { configuration in
            configuration.place.stored?.renewalInterval = .seconds(600)
            configuration.renewalGrace = .seconds(30)
        }
    }

    private static func renewed(_ trial: StoreTrial) async throws {
        var visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        let (id, copy) = (try await trial.id(of: visitor), visitor)
        try await visitor.visit { $0.renew() }
        trial.expect(visitor.cookie != copy.cookie, "renew() sends another cookie")
        try await trial.expect(copy, isSignedIn: false, "a cookie from before renew() is worth nothing")
        try await trial.expect(visitor, isSignedIn: true, "renew() keeps the contents")
        trial.expect(try await trial.id(of: visitor) == id, "renew() keeps the id")
    }

    private static func race(_ trial: StoreTrial) async throws {
        let visitor = try await trial.signedIn(trial.sessions(trial.clock()))
        let requests = try await trial.inParallel(10) { _ in try await visitor.open() }
        let visitors = try await trial.inParallel(10) { index in
            var own = visitor
            requests[index].renew()
            try await own.commit(requests[index])
            return own
        }
        var working: Set<String> = []
        for visitor in visitors {
            if try await visitor.look("user") == "alice", let cookie = visitor.cookie { working.insert(cookie) }
        }
        trial.expect(working.count == 1, "one cookie works after ten renewals at once; \(working.count) do")
        try await trial.expect(visitor, isSignedIn: false, "the cookie from before the renewals is worth nothing")
    }

    private static func grace(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(try Self.periodic(trial, clock))
        let old = visitor
        clock.advance(by: .milliseconds(599_999))
        try await visitor.visit()
        trial.expect(visitor.cookie == old.cookie, "no renewal before the interval has gone by")
        clock.advance(by: .milliseconds(1))
        try await visitor.visit()
        trial.expect(visitor.cookie != old.cookie, "a renewal once the interval has gone by")
        clock.advance(by: .milliseconds(29_999))
        try await trial.expect(
            old, isSignedIn: true, "the old cookie works one millisecond before the end of its grace")
        try await trial.expect(visitor, isSignedIn: true, "the new cookie works in the grace")
        clock.advance(by: .milliseconds(1))
        try await trial.expect(old, isSignedIn: false, "the old cookie does not work from the end of its grace on")
        try await trial.expect(visitor, isSignedIn: true, "the new cookie works after the grace")
    }

    private static func oneRenewal(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        let visitor = try await trial.signedIn(try Self.periodic(trial, clock))
        clock.advance(by: .seconds(601))
        let requests = try await trial.inParallel { _ in try await visitor.open() }
        let lines = try await trial.inParallel { try await visitor.sessions.commit(requests[$0]).setCookie }
        let sent = lines.compactMap { $0 }
        trial.expect(sent.count == 1, "one of \(lines.count) requests at once renews the secret; \(sent.count) did")
        try await trial.expect(visitor, isSignedIn: true, "the others' cookie works in its grace")
    }

    private static func graceAndRenew(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(try Self.periodic(trial, clock))
        let first = visitor
        clock.advance(by: .seconds(601))
        try await visitor.visit()
        let second = visitor
        try await visitor.visit { $0.renew() }
        for copy in [first, second] {
            try await trial.expect(copy, isSignedIn: false, "no cookie from before renew() works, grace or not")
        }
        try await trial.expect(visitor, isSignedIn: true, "the cookie from renew() works")
    }

    private static func absoluteLimit(_ trial: StoreTrial) async throws {
        let clock = trial.clock()
        var visitor = try await trial.signedIn(trial.sessions(clock))
        for _ in 0..<47 {
            clock.advance(by: .seconds(1800))
            try await visitor.visit { $0.renew() }
        }
        clock.advance(by: .milliseconds(1_799_999))
        try await trial.expect(
            visitor, isSignedIn: true, "a session lives until a millisecond before its absolute limit")
        try await visitor.visit { $0.renew() }
        clock.advance(by: .milliseconds(1))
        try await trial.expect(visitor, isSignedIn: false, "a session ends at its absolute limit, renewed or not")
    }
}
