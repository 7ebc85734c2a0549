// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A request whose handler never looks at its session pays nothing for its cookie.
@Suite struct LazinessTests {
    @Test(arguments: ["__Host-session=a.b.c", "__Host-session=nonsense", "__Host-session=", "__Host-session=.."])
    func aBadCookieIsNotEvenJudgedWhenNobodyLooks(_ cookie: String) async throws {
        let site = try TestSite()
        let headers = try await site.visit(cookie)
        #expect(headers == SessionHeaders())
        #expect(!site.log.text.contains("rejected"))
    }

    @Test func anExpiredCookieIsNotEvenJudgedWhenNobodyLooks() async throws {
        for configuration in [SessionConfiguration.standard, .signed, .flask] {
            let site = try TestSite(configuration)
            let cookie = try await site.cookie { $0.isPermanent = true }
            site.clock.advance(by: configuration.lifetime.idle + .seconds(1))
            #expect(try await site.visit(cookie) == SessionHeaders())
            #expect(!site.log.text.contains("rejected"))
        }
    }

    @Test(arguments: [(SessionFormat.sealed, "malformed_token"), (.signed, "bad_signature")])
    func aBadCookieIsJudgedWhenSomebodyLooks(_ format: SessionFormat, _ reason: String) async throws {
        let site = try TestSite(format == .signed ? .signed : .standard)
        try await site.visit("__Host-session=a.b.c") { #expect($0.isEmpty) }
        #expect(site.log.text.contains(reason))
    }

    @Test(arguments: [SessionFormat.sealed, .signed])
    func aGoodCookieStaysUnopenedThroughTheCommit(_ format: SessionFormat) async throws {
        let site = try TestSite(format == .signed ? .signed : .standard)
        let session = try await site.manager.open([try await site.cookie()])
        _ = try await site.manager.commit(session)
        #expect(session.snapshot.opening != nil)
        #expect(session["user"] == "ada")
        #expect(session.snapshot.opening == nil)
    }

    @Test func aFlaskCookieThatIsNotPermanentStaysUnopenedToo() async throws {
        let site = try TestSite(.flask)
        let session = try await site.manager.open([try await site.cookie()])
        site.clock.advance(by: .seconds(1000))
        #expect(try await site.manager.commit(session) == SessionHeaders())
        #expect(session.snapshot.opening != nil)
    }

    @Test func looksTakeOneVerification() async throws {
        let site = try TestSite()
        try await site.visit("__Host-session=a.b.c") { session in
            for _ in 0..<10 { _ = session["user"] }
        }
        #expect(site.log.text.split(separator: "\n").count == 1)
    }
}
