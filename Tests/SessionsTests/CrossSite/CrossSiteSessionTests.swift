// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// Tokens from request to request, in cookies and in a store.
@Suite struct CrossSiteSessionTests {
    @Test(arguments: [SessionConfiguration.standard, .flask, .stored(in: MemoryStore())])
    func aTokenIsGoodAtTheNextRequestAndDeadAfterARenewal(configuration: SessionConfiguration) async throws {
        let site = try TestSite(configuration)
        let first = try await site.manager.open([])
        let token = first.csrfToken
        let cookie = try await site.manager.commit(first).pair

        let second = try await site.manager.open([cookie])
        #expect(second.accepts(csrfToken: token))
        let otherTab = second.csrfToken
        #expect(try await site.manager.commit(second).setCookie == nil)

        let third = try await site.manager.open([cookie])
        #expect(third.accepts(csrfToken: otherTab))
        third["user"] = "ada"
        third.renew()
        let renewed = try await site.manager.commit(third).pair
        let fourth = try await site.manager.open([renewed])
        #expect(fourth["user"] == "ada")
        #expect(!fourth.accepts(csrfToken: token))
        #expect(!fourth.accepts(csrfToken: otherTab))
        #expect(fourth.hasIssuedCSRFToken)
    }

    @Test func aTokenThatIsGivenOutWhileTheSessionIsRenewedIsDead() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let slow = try await visitor.open()
        slow.renew()
        var other = visitor
        let form = try await other.open()
        let token = form.csrfToken
        try await other.commit(form)
        try await visitor.commit(slow)
        let after = try await visitor.open()
        #expect(after["user"] == "alice")
        #expect(!after.accepts(csrfToken: token))
    }

    @Test func ofTwoFirstFormsTheOneThatIsSavedFirstDecides() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        var other = visitor
        let (first, second) = (try await visitor.open(), try await other.open())
        let (token, late) = (first.csrfToken, second.csrfToken)
        try await visitor.commit(first)
        try await other.commit(second)
        let after = try await visitor.open()
        #expect(after.accepts(csrfToken: token))
        #expect(!after.accepts(csrfToken: late))
    }

    @Test func aPlainSignOutEndsASessionThatHasATokenToo() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        try await visitor.visit { _ = $0.csrfToken }
        let id = try #require(try await visitor.open().id)
        try await visitor.visit { $0.pop("user") }
        #expect(visitor.cookie == nil)
        #expect(try await site.store.read(id, at: site.clock.now) == nil)
    }

    @Test func aSignOutLeavesTheTokenWithWhatAnotherRequestHasAdded() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        try await visitor.visit { _ = $0.csrfToken }
        let slow = try await visitor.open()
        slow.pop("user")
        var other = visitor
        try await other.visit { $0["theme"] = "dark" }
        try await visitor.commit(slow)
        #expect(try await other.open().keys == ["_csrf", "theme"])
    }

    @Test func aPeriodicRenewalKeepsTheTokens() async throws {
        let site = try StoreSite { $0.renewalInterval = .seconds(600) }
        var visitor = try await site.signedIn()
        let form = try await visitor.open()
        let token = form.csrfToken
        try await visitor.commit(form)
        let before = visitor.cookie
        site.clock.advance(by: .seconds(601))
        try await visitor.visit()
        #expect(visitor.cookie != before)
        #expect(try await visitor.open().accepts(csrfToken: token))
    }

    @Test func aPageWithoutAFormBeginsNoSession() async throws {
        let site = try TestSite()
        #expect(try await site.visit { _ in }.setCookie == nil)
        #expect(try await site.visit { _ = $0.csrfToken }.setCookie != nil)
    }
}
