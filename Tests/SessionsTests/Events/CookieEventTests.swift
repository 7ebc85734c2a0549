// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// What sessions that live in their cookies tell of.
@Suite struct CookieEventTests {
    static let configurations = [SessionConfiguration.standard, .signed, .flask]

    @Test(arguments: CookieEventTests.configurations)
    func aWholeLife(_ configuration: SessionConfiguration) async throws {
        let site = try TestSite(configuration)
        let events = site.manager.events
        var cookie = try await site.cookie { $0["cart"] = 1 }
        #expect(events.takeLines() == ["created nobody"])
        cookie = try await site.visit(cookie) { $0.signIn(as: "alice") }.pair
        #expect(events.takeLines() == ["renewed alice", "signed_in alice"])
        cookie = try await site.visit(cookie) { $0.reauthenticate() }.pair
        #expect(events.takeLines() == ["renewed alice", "reauthenticated alice"])
        cookie = try await site.visit(cookie) { $0["cart"] = 2 }.pair
        #expect(events.takeLines() == [])
        cookie = try await site.visit(cookie) { $0.signIn(as: "bob") }.pair
        #expect(events.takeLines() == ["renewed bob", "signed_out alice", "signed_in bob"])
        site.clock.advance(by: .seconds(1))
        cookie = try await site.visit(cookie) { session in
            session.signOut()
            session["cart"] = 3
        }.pair
        #expect(events.takeLines() == ["signed_out bob", "ended bob", "created nobody"])
        try await site.visit(cookie) { $0.pop("cart") }
        #expect(events.takeLines() == ["ended nobody"])
    }

    @Test(arguments: CookieEventTests.configurations)
    func aUserWhomAFlaskApplicationSignsInAndOut(_ configuration: SessionConfiguration) async throws {
        let site = try TestSite(configuration)
        let events = site.manager.events
        let cookie = try await site.cookie { $0["_user_id"] = 7 }
        #expect(events.takeLines() == ["created 7", "signed_in 7"])
        try await site.visit(cookie) { session in
            session["kept"] = true
            session.pop("_user_id")
        }
        #expect(events.takeLines() == ["renewed nobody", "signed_out 7"])
    }

    @Test(arguments: CookieEventTests.configurations)
    func aCookieThatOpensNothingIsToldOnceSomebodyLooks(_ configuration: SessionConfiguration) async throws {
        let site = try TestSite(configuration)
        let cookie = try await site.cookie()
        let events = site.manager.events
        try await site.visit(cookie + "AAAA") { _ = $0["user"] }
        let forged = events.takeAll()
        #expect(forged.count == 1 && forged.first?.kind.name == "rejected" && forged.first?.time == site.clock.now)
        site.clock.advance(by: configuration.lifetime.idle + .seconds(1))
        try await site.visit(cookie)
        #expect(events.takeLines() == [])
        try await site.visit(cookie) { _ = $0["user"] }
        #expect(events.takeLines() == ["expired nobody"])
    }

    @Test(arguments: [SessionConfiguration.standard, .signed])
    func aSessionThatDoesNotFitIntoItsCookieWasNotCreated(_ configuration: SessionConfiguration) async throws {
        let site = try TestSite(configuration)
        let events = site.manager.events
        await #expect(throws: SessionError(.cookieTooLarge, "")) {
            try await site.visit { $0["text"] = .string(RandomText.letters(9000)) }
        }
        #expect(events.takeLines() == [])
    }

    @Test func aCookieThatIsOnlySentAgainIsNoNews() async throws {
        let site = try TestSite()
        let cookie = try await site.cookie()
        let events = site.manager.events
        site.clock.advance(by: .seconds(1800))
        #expect(try await site.visit(cookie) { _ = $0["user"] }.setCookie != nil)
        #expect(events.takeLines() == [])
    }
}
