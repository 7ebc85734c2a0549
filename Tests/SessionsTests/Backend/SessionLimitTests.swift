// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Limits per user, and what a store that is late or out of reach does to them.
@Suite struct SessionLimitTests {
    @Test(arguments: [
        Wrong("under 1") {
            $0.store = MemoryStore(); $0.sessionLimit = .refusingNewest(0)
        },
        Wrong("under 1") {
            $0.store = MemoryStore(); $0.sessionLimit = .endingOldest(-1)
        },
    ])
    func aLimitThatCannotBeIsRefusedAtTheStart(_ wrong: Wrong) async {
        var configuration = SessionConfiguration.standard
        wrong.change(&configuration)
        let error = await failure(SessionError.self) {
            _ = try SessionManager(keys: SecretKeys(TestSite.key), configuration: configuration)
        }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.message.contains(wrong.word) == true)
    }

    @Test func aRefusedSignInSendsNoCookieAndLeavesNoRecord() async throws {
        let site = try StoreSite { $0.sessionLimit = .refusingNewest(1) }
        var (first, second) = (site.visitor(), site.visitor())
        try await first.visit { $0.signIn(as: "alice") }
        await #expect(throws: SessionError(.sessionLimitReached, "")) {
            try await second.visit { $0.signIn(as: "alice") }
        }
        #expect(second.cookie == nil)
        #expect(try await site.sessions.activeSessions(of: "alice").count == 1)
        try await second.visit { $0.signIn(as: "bob") }
        #expect(try await second.open().user == "bob")
    }

    /// A limit that is set where a user has very many sessions already.
    @Test func aSignInIsRefusedWithoutReadingAllSessionsOfTheUser() async throws {
        let store = MemoryStore()
        let before = try StoreSite(store)
        for _ in 0..<100 {
            var visitor = before.visitor()
            try await visitor.visit { $0.signIn(as: "alice") }
        }
        let site = try StoreSite(store) { $0.sessionLimit = .refusingNewest(3) }
        var visitor = site.visitor()
        await #expect(throws: SessionError(.sessionLimitReached, "")) {
            try await visitor.visit { $0.signIn(as: "alice") }
        }
        #expect(site.store.readCount <= 3)
        #expect(try await site.sessions.activeSessions(of: "alice").count == 100)
    }

    /// `docs/SCALING.md`, "What it costs".
    @Test(arguments: [(SessionLimit.endingOldest(1), [1, 1]), (.refusingNewest(1), [2, 1])])
    func aSignInListsTheUsersSessionsOnceOrTwice(limit: SessionLimit, lists: [Int]) async throws {
        let site = try StoreSite { $0.sessionLimit = limit }
        var counts: [Int] = []
        for _ in lists {
            var visitor = site.visitor()
            let before = site.store.listCount
            // With `refusingNewest` the second one is refused.
            _ = try? await visitor.visit { $0.signIn(as: "alice") }
            counts.append(site.store.listCount - before)
            try await visitor.visit { $0["n"] = 1 }
        }
        #expect(counts == lists)
        #expect(site.store.listCount == lists.reduce(0, +), "a request that signs nobody in lists nothing")
        #expect(try await site.sessions.activeSessions(of: "alice").count == 1)
    }

    @Test func aUserByHandCountsToo() async throws {
        let site = try StoreSite { $0.sessionLimit = .refusingNewest(1) }
        var (first, second) = (site.visitor(), site.visitor())
        try await first.visit { $0["_user_id"] = "alice" }
        await #expect(throws: SessionError(.sessionLimitReached, "")) {
            try await second.visit { $0["_user_id"] = "alice" }
        }
    }

    @Test func whoIsSignedInMayWriteStepUpAndSignInAgain() async throws {
        let site = try StoreSite { $0.sessionLimit = .refusingNewest(1) }
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        try await visitor.visit { $0["n"] = 1 }
        try await visitor.visit { $0.reauthenticate() }
        try await visitor.visit { $0.signIn(as: "alice") }
        #expect(try await visitor.look("n") == 1)
    }

    @Test func aSignInThatIsRefusedLateIsTakenBack() async throws {
        let store = LateIndexStore()
        let site = try StoreSite(store) { $0.sessionLimit = .refusingNewest(1) }
        var (first, second) = (site.visitor(), site.visitor())
        try await first.visit { $0.signIn(as: "alice") }
        try await second.visit { $0["cart"] = ["apple"] }
        let before = try #require(try await site.record(of: second))
        site.clock.advance(by: .seconds(60))
        // The first look finds nobody, as it does when both sign in at once.
        store.hiddenLists = 1
        await #expect(throws: SessionError(.sessionLimitReached, "")) {
            try await second.visit { $0.signIn(as: "alice") }
        }
        var after = try #require(try await site.record(of: second))
        #expect(after.version == before.version + 2)
        after.version = before.version
        #expect(after == before)
        #expect(try await second.look("cart") == ["apple"])
        #expect(try await second.open().user == nil)
        #expect(try await first.open().user == "alice")
    }

    @Test func aNewSessionThatIsRefusedLateIsGone() async throws {
        let store = LateIndexStore()
        let site = try StoreSite(store) { $0.sessionLimit = .refusingNewest(1) }
        var (first, second) = (site.visitor(), site.visitor())
        try await first.visit { $0.signIn(as: "alice") }
        site.clock.advance(by: .seconds(60))
        store.hiddenLists = 1
        await #expect(throws: SessionError(.sessionLimitReached, "")) {
            try await second.visit { $0.signIn(as: "alice") }
        }
        #expect(store.count == 1)
    }

    @Test func aSignInWhoseRankIsUnknownIsTakenBack() async throws {
        let store = LateIndexStore()
        let site = try StoreSite(store) { $0.sessionLimit = .endingOldest(1) }
        var visitor = site.visitor()
        try await visitor.visit { $0["cart"] = ["apple"] }
        store.failsLists = true
        await #expect(throws: SessionError(.storeUnavailable, "")) {
            try await visitor.visit { $0.signIn(as: "alice") }
        }
        #expect(try await visitor.look("cart") == ["apple"])
        #expect(try await visitor.open().user == nil)
    }

    /// As when another server's clock is ahead: there is one order, and whoever is last in it goes.
    @Test func aSignInThatIsTheOldestItselfEnds() async throws {
        let site = try StoreSite { $0.sessionLimit = .endingOldest(1) }
        var (first, second) = (site.visitor(), site.visitor())
        try await first.visit { $0.signIn(as: "alice") }
        site.clock.advance(by: .seconds(-5))
        try await second.visit { $0.signIn(as: "alice") }
        #expect(second.cookie == nil)
        #expect(try await first.open().user == "alice")
        #expect(try await site.sessions.activeSessions(of: "alice").count == 1)
    }

    @Test func sessionsThatHaveEndedDoNotCount() async throws {
        let site = try StoreSite { $0.sessionLimit = .refusingNewest(1) }
        var (first, second) = (site.visitor(), site.visitor())
        try await first.visit { $0.signIn(as: "alice") }
        site.clock.advance(by: .seconds(3600))
        try await second.visit { $0.signIn(as: "alice") }
        #expect(try await second.open().user == "alice")
    }

    /// The session may be older than the sign-in.
    @Test func aUserByHandInASessionFromBeforeIsTheNewest() async throws {
        let site = try StoreSite { $0.sessionLimit = .endingOldest(1) }
        var (first, second) = (site.visitor(), site.visitor())
        try await second.visit { $0["cart"] = 1 }
        site.clock.advance(by: .seconds(10))
        try await first.visit { $0.signIn(as: "alice") }
        site.clock.advance(by: .seconds(10))
        try await second.visit { $0["_user_id"] = "alice" }
        #expect(try await second.open().user == "alice")
        #expect(try await first.open().user == nil)
    }
}
