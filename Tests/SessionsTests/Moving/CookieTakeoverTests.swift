// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsMigration
import SessionsTesting
import TestSupport
import Testing

/// A site whose sessions were in cookies goes on with a store, and nobody is signed out.
@Suite struct CookieTakeoverTests {
    /// Flask's cookie and lifetime, in another format perhaps.
    private static func configuration(_ format: SessionFormat) -> SessionConfiguration {
        var configuration = SessionConfiguration.flask
        configuration.format = format
        configuration.lifetime.absolute = .seconds(7200)
        return configuration
    }

    private static func site(
        accepting formats: [SessionFormat], in store: any SessionStore = MemoryStore()
    ) throws -> StoreSite {
        try StoreSite(store, keys: SecretKeys(TestSite.key)) { configuration in
            let store = configuration.store
            configuration = Self.configuration(.sealed)
            configuration.store = store
            configuration.acceptedFormats = formats
        }
    }

    private static let formats: [SessionFormat] = [.flask, .signed, .sealed]

    @Test(arguments: CookieTakeoverTests.formats, [false, true])
    func anUnchangedCookieIsMovedIntoTheStoreOnce(_ format: SessionFormat, _ looks: Bool) async throws {
        let before = try TestSite(Self.configuration(format))
        let old = try await before.cookie()
        let site = try Self.site(accepting: [format])
        var visitor = site.visitor(cookie: old)
        let headers = try await visitor.visit { if looks { #expect($0["user"] == "ada" && !$0.isNew) } }
        #expect(headers.setCookie != nil)
        #expect(headers.variesOnCookie)
        #expect(site.store.writeCount == 1)
        #expect(try await site.record(of: visitor)?.createdAt == site.clock.now)
        let again = try await visitor.visit { #expect($0["user"] == "ada") }
        #expect(again.setCookie == nil)
        #expect(site.store.writeCount == 1)
        let new = try #require(visitor.cookie)
        #expect(try await before.contents(of: new).isEmpty)
    }

    @Test func severalFormatsAreTakenOver() async throws {
        let site = try Self.site(accepting: Self.formats)
        for format in Self.formats {
            var visitor = site.visitor(cookie: try await TestSite(Self.configuration(format)).cookie())
            try await visitor.visit { $0["more"] = 1 }
            #expect(try await visitor.open().entries == ["user": "ada", "more": 1])
        }
    }

    @Test(arguments: [SessionFormat.signed, .sealed])
    func theBeginningIsKept(_ format: SessionFormat) async throws {
        let old = try await TestSite(Self.configuration(format)).cookie()
        let site = try Self.site(accepting: [format])
        site.clock.advance(by: .seconds(5000))
        var visitor = site.visitor(cookie: old)
        try await visitor.visit()
        site.clock.advance(by: .seconds(2199))
        #expect(try await visitor.look("user") == "ada")
        site.clock.advance(by: .seconds(1))
        #expect(try await visitor.look("user") == nil)
    }

    @Test func whatBeginsAfterDestroyBeginsNow() async throws {
        let old = try await TestSite(Self.configuration(.sealed)).cookie()
        let site = try Self.site(accepting: [.sealed])
        site.clock.advance(by: .seconds(5000))
        var visitor = site.visitor(cookie: old)
        try await visitor.visit { session in
            session.destroy()
            session["user"] = "bob"
        }
        #expect(try await site.record(of: visitor)?.createdAt == site.clock.now)
        #expect(try await visitor.open().entries == ["user": "bob"])
    }

    @Test func signingOutTakesTheCookieAwayAndStoresNothing() async throws {
        let site = try Self.site(accepting: [.flask])
        var visitor = site.visitor(cookie: try await TestSite(Self.configuration(.flask)).cookie())
        try await visitor.visit { $0.pop("user") }
        #expect(visitor.cookie == nil)
        #expect(site.store.callCount == 0)
    }

    @Test func whatIsNotAcceptedIsRefused() async throws {
        let old = try await TestSite(Self.configuration(.flask)).cookie()
        for (formats, cookie, reason) in [
            ([], old, "bad_signature"), ([.sealed], old, "malformed_token"),
            ([.flask], String(old.dropLast(5)) + "AAAAA", "bad_signature"), ([.flask], "session=x", "no_separator"),
        ] as [([SessionFormat], String, String)] {
            let site = try Self.site(accepting: formats)
            var visitor = site.visitor(cookie: cookie)
            let headers = try await visitor.visit { #expect($0.entries.isEmpty) }
            #expect(headers.setCookie == nil)
            #expect(site.store.callCount == 0)
            #expect(site.log.text.contains(reason), "\(site.log.text)")
        }
    }

    @Test func anEndedCookieIsRefusedAsSuch() async throws {
        let old = try await TestSite(Self.configuration(.flask)).cookie()
        let site = try Self.site(accepting: [.flask])
        site.clock.advance(by: .seconds(86400 * 31 + 1))
        #expect(try await site.visitor(cookie: old).open().entries.isEmpty)
        #expect(site.log.text.contains("expired"))
    }

    /// A ticket is never read as anything else, nor asked of the accepted formats.
    @Test func ticketsAreTicketsStill() async throws {
        let site = try Self.site(accepting: Self.formats)
        var visitor = site.visitor()
        try await visitor.visit { $0["user"] = "ada" }
        let cookie = try #require(visitor.cookie)
        try await visitor.visit { $0.destroy() }
        #expect(try await site.visitor(cookie: cookie).open().entries.isEmpty)
        #expect(site.log.text.contains("unknown_session"))
    }

    @Test func anOutageLeavesTheCookieGood() async throws {
        let site = try Self.site(accepting: [.flask])
        var visitor = site.visitor(cookie: try await TestSite(Self.configuration(.flask)).cookie())
        site.outages.mode = .unreachable
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.visit() }
        site.outages.mode = .working
        try await visitor.visit()
        #expect(try await visitor.look("user") == "ada")
        #expect(try await site.record(of: visitor) != nil)
    }

    /// Fifty visitors of a Flask site at a site that keeps sessions in a store on its way to
    /// another one.
    @Test func aFlaskSitesVisitorsStaySignedIn() async throws {
        let before = try TestSite(Self.configuration(.flask))
        var cookies: [String] = []
        for number in 0..<50 { cookies.append(try await before.cookie { $0["n"] = .int(number) }) }
        let store = MigratingStore(from: MemoryStore(), to: MemoryStore(), phase: .fill)
        let site = try Self.site(accepting: [.flask], in: store)
        try await withThrowingTaskGroup { group in
            for (number, cookie) in cookies.enumerated() {
                group.addTask {
                    var visitor = site.visitor(cookie: cookie)
                    for count in 0..<10 {
                        try await visitor.visit { session in
                            #expect(session["n"] == .int(number))
                            #expect(session["count", default: 0] == count)
                            session.update("count", default: 0) { $0 += 1 }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(site.store.writeCount == 500)
    }
}
