// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// Contents too large for a cookie move to a store, and the session with them.
@Suite struct OverflowTests {
    private let store = OutageStore(MemoryStore())
    private static let text = SessionValue.string(
        String((0..<6000).map { _ in "Zq8wN3xV6bR1mK9tL4pJ7sH2dF5gC0yA".randomElement() ?? "a" }))

    private func site(
        _ revocations: SessionRevocations? = .memory, _ change: (inout SessionConfiguration) -> Void = { _ in }
    ) throws -> RevocationSite {
        try RevocationSite(revocations) {
            $0.overflowStore = self.store
            change(&$0)
        }
    }

    @Test(arguments: [SessionFormat.sealed, .signed, .flask])
    func aLargeSessionMovesAndStays(_ format: SessionFormat) async throws {
        let site = try self.site(nil) {
            $0.format = format
            if format == .flask { $0.cookie = .flask }
        }
        var visitor = try await site.signedIn()
        try await visitor.visit { $0["text"] = Self.text }
        #expect(visitor.cookie.map { $0.utf8.count < 200 } == true)
        #expect(try await visitor.look("text") == Self.text)
        #expect(try await site.user(of: visitor) == "ada")
        let id = try await visitor.open().id
        #expect(id != nil)
        // Small again, it stays.
        try await visitor.visit { $0.pop("text") }
        #expect(try await visitor.open().id == id)
        #expect(try await site.user(of: visitor) == "ada")
        try await visitor.visit { $0.destroy() }
        #expect(visitor.cookie == nil)
    }

    @Test func aSessionThatBeginsLargeBeginsInTheStore() async throws {
        let site = try self.site()
        var visitor = site.visitor()
        try await visitor.visit { $0["text"] = Self.text }
        #expect(try await visitor.look("text") == Self.text)
        #expect(site.list?.count == 0)
    }

    @Test func theStoreTakesNoMoreThanItsLimit() async throws {
        let site = try self.site { $0.storedSizeLimit = 5000 }
        var visitor = try await site.signedIn()
        let error = await #expect(throws: SessionError.self) { try await visitor.visit { $0["text"] = Self.text } }
        #expect(error?.code == .sessionTooLarge)
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test func theAbsoluteLimitCountsFromTheBeginning() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        for _ in 0..<10 {
            site.clock.advance(by: .seconds(3000))
            try await visitor.visit()
        }
        try await visitor.visit { $0["text"] = Self.text }
        for _ in 0..<18 {
            site.clock.advance(by: .seconds(3000))
            try await visitor.visit()
        }
        site.clock.advance(by: .seconds(2399))
        #expect(try await site.user(of: visitor) == "ada")
        site.clock.advance(by: .seconds(1))
        #expect(try await site.user(of: visitor) == nil)
    }

    @Test func theCookieBeforeIsReadForAMomentAndWritesNothing() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        var before = visitor
        try await visitor.visit { $0["text"] = Self.text }
        #expect(try await site.user(of: before) == "ada")
        #expect(try await before.visit { $0["n"] = 1 }.setCookie == nil)
        site.clock.advance(by: .milliseconds(30_001))
        #expect(try await site.user(of: before) == nil)
        // It may have been a browser that the response did not reach.
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test(
        arguments: [
            { $0.destroy() }, { $0.pop("_user_id") }, { $0.removeAll() }, { $0.renew() }, { $0["n"] = 1 },
        ] as [@Sendable (Session) -> Void])
    func onceTheSessionHasChangedTheCookieBeforeIsDead(_ change: @Sendable (Session) -> Void) async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        let before = visitor
        try await visitor.visit { $0["text"] = Self.text }
        try await visitor.visit { change($0) }
        #expect(try await site.user(of: before) == nil)
    }

    @Test func oneThatIsRenewedAsItMovesLeavesADeadCookie() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        let before = visitor
        try await visitor.visit {
            $0["text"] = Self.text
            $0.renew()
        }
        #expect(try await site.user(of: before) == nil)
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test func ofTwoThatMoveOneDoes() async throws {
        let site = try self.site()
        var (first, second) = (try await site.signedIn(), try await site.signedIn())
        second = first
        let (one, two) = (try await first.open(), try await second.open())
        one["text"] = Self.text
        two["other"] = Self.text
        try await first.commit(one)
        #expect(try await second.commit(two).setCookie == nil)
        #expect(try await first.look("text") == Self.text)
    }

    @Test func aMoveOfASessionThatHasEndedIsDropped() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        var late = visitor
        let session = try await late.open()
        session["text"] = Self.text
        try await visitor.visit { $0.destroy() }
        #expect(try await late.commit(session).setCookie == nil)
        #expect(site.log.text.contains("dropped"))
    }

    @Test func aLogoutOnItsWayEndsTheSessionInTheStore() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        var late = visitor
        let session = try await late.open()
        session.destroy()
        try await visitor.visit { $0["text"] = Self.text }
        try await late.commit(session)
        #expect(try await site.user(of: visitor) == nil)
    }

    @Test func whatBeginsAfterALogoutWithTheCookieBeforeLeavesNoRecord() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        var before = visitor
        try await visitor.visit { $0["text"] = Self.text }
        try await before.visit { session in
            session.destroy()
            session["message"] = "Bye."
        }
        #expect(try await self.store.ids(ofUser: "ada", at: site.clock.now).isEmpty)
        #expect(try await before.look("message") == "Bye.")
        #expect(try await site.user(of: visitor) == nil)
    }

    @Test func aStoreOutOfReachLosesNothing() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        self.store.mode = .unreachable
        await #expect(throws: SessionError(.storeUnavailable, "")) {
            try await visitor.visit { $0["text"] = Self.text }
        }
        #expect(try await site.user(of: visitor) == "ada")
        self.store.mode = .working
        try await visitor.visit { $0["text"] = Self.text }
        #expect(try await visitor.look("text") == Self.text)
    }

    @Test func aLateResponseOfASessionInTheStoreSetsNoCookie() async throws {
        let site = try self.site()
        let before = try await site.signedIn()
        var visitor = before
        try await visitor.visit { $0["text"] = Self.text }
        let id = try #require(try await visitor.open().id)
        let session = try await visitor.open()
        session.isPermanent = true
        _ = site.list?.end(id, at: site.clock.sessionClock.reading, keeping: .seconds(3600))
        #expect(try await visitor.commit(session).setCookie == nil)
    }

    @Test func whatTheListEndsIsRemovedFromTheStore() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        try await visitor.visit { $0["text"] = Self.text }
        let id = try #require(try await visitor.open().id)
        _ = site.list?.end(id, at: site.clock.sessionClock.reading, keeping: .seconds(3600))
        #expect(try await visitor.look("text") == nil)
        #expect(try await self.store.read(id, at: site.clock.now) == nil)
    }

    @Test func withoutAnOverflowStoreTheErrorStays() async throws {
        let site = try RevocationSite()
        var visitor = site.visitor()
        await #expect(throws: SessionError(.cookieTooLarge, "")) { try await visitor.visit { $0["text"] = Self.text } }
    }

    @Test func aStoreForAllSessionsNeedsNone() throws {
        #expect(throws: SessionError(.invalidConfiguration, "")) { try self.site(nil) { $0.store = MemoryStore() } }
    }
}
