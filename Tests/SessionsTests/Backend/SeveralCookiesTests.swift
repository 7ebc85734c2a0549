// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsFlask
import SessionsTesting
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsKeys

/// Several cookies with the session's name, of which the first that is good counts: a browser sends the one with the
/// longest path first, be it stale or planted.
@Suite struct SeveralCookiesTests {
    @Test(arguments: [SessionConfiguration.standard, .signed, .flask])
    func aBadCookieDoesNotHideAGoodOne(_ configuration: SessionConfiguration) async throws {
        let site = try TestSite(configuration)
        let name = configuration.cookie.name
        let expired = try await site.cookie { $0["user"] = "old" }
        site.clock.advance(by: configuration.lifetime.idle + .seconds(1))
        let good = try await site.cookie()
        for bad in ["\(name)=stale", "\(name)=", expired, String(good.dropLast(4)) + "AAAA"] {
            #expect(try await site.manager.open(["\(bad); \(good)"])["user"] == "ada", "\(bad)")
            #expect(try await site.manager.open([good, bad])["user"] == "ada", "\(bad)")
        }
        #expect(try await site.manager.open(["\(name)=stale; \(expired)"]).isNew)
    }

    @Test func fourCookiesAreTriedAndNotMore() async throws {
        let site = try TestSite()
        let good = try await site.cookie()
        let junk = "__Host-session=junk; "
        #expect(try await site.manager.open([String(repeating: junk, count: 3) + good])["user"] == "ada")
        #expect(try await site.manager.open([String(repeating: junk, count: 4) + good]).isNew)
    }

    @Test func aChangeGoesToTheSessionThatWasTaken() async throws {
        let site = try TestSite()
        let good = try await site.cookie()
        let next = try await site.visit("__Host-session=stale; \(good)") { $0["n"] = 1 }.pair
        #expect(try await site.contents(of: next) == ["user": "ada", "n": 1])
    }

    @Test func nobodyIsToldOfACookieThatWasPassedOver() async throws {
        let site = try TestSite()
        let good = try await site.cookie()
        try await site.visit("__Host-session=stale; \(good)") { #expect($0["user"] == "ada") }
        #expect(!site.log.text.contains("rejected"))
        try await site.visit("__Host-session=stale; __Host-session=a.b.c") { #expect($0.isNew) }
        #expect(site.log.text.contains("rejected"))
    }

    // MARK: - Stored sessions

    @Test func aStoredSessionIsFoundBehindJunkWithOneRead() async throws {
        let site = try StoreSite()
        let owner = try await site.signedIn()
        let good = try #require(owner.cookie)
        for fields in [good, "__Host-session=junk; \(good)", "__Host-session=a.b; __Host-session=; \(good)"] {
            let before = site.store.readCount
            #expect(try await site.visitor(cookie: fields).look("user") == "alice")
            #expect(site.store.readCount == before + 1)
        }
        let before = site.store.readCount
        #expect(try await site.visitor(cookie: "__Host-session=a.b; __Host-session=c.d").open().isNew)
        #expect(site.store.readCount == before)
    }

    @Test func aWellSignedCookieOfAnEndedSessionDoesNotHideALiveOne() async throws {
        let site = try StoreSite()
        var ended = try await site.signedIn()
        let stale = try #require(ended.cookie)
        try await ended.visit { $0.destroy() }
        let good = try #require(try await site.signedIn().cookie)
        #expect(try await site.visitor(cookie: "\(stale); \(good)").look("user") == "alice")
    }

    @Test func aReplacedSecretBesideTheCurrentOneEndsNothing() async throws {
        let site = try StoreSite()
        var owner = try await site.signedIn()
        let stale = try #require(owner.cookie)
        try await owner.visit { $0.renew() }
        let good = try #require(owner.cookie)
        site.clock.advance(by: .seconds(31))
        #expect(try await site.visitor(cookie: "\(stale); \(good)").look("user") == "alice")
        #expect(try await owner.look("user") == "alice")
        // Alone, or beside junk, it is a copy that somebody replays.
        #expect(try await site.visitor(cookie: "__Host-session=junk; \(stale)").open().isNew)
        #expect(try await owner.look("user") == nil)
    }

    @Test func anOutageTakesNoOtherSession() async throws {
        let site = try StoreSite()
        let (first, second) = (try await site.signedIn(), try await site.signedIn())
        site.outages.mode = .unreachable
        let both = site.visitor(cookie: "\(first.cookie ?? ""); \(second.cookie ?? "")")
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await both.open() }
    }

    // MARK: - Cookies with a list

    @Test func aRevokedCookieDoesNotHideALiveOne() async throws {
        let site = try RevocationSite()
        var ended = try await site.signedIn(as: "eve")
        let stale = try #require(ended.cookie)
        try await ended.visit { $0.destroy() }
        let good = try #require(try await site.signedIn().cookie)
        #expect(try await site.user(of: site.visitor(cookie: "\(stale); \(good)")) == "ada")
    }

    @Test func aSealedCookieFromBeforeARenewalBesideTheCurrentOneEndsNothing() async throws {
        let site = try RevocationSite()
        var owner = try await site.signedIn()
        let stale = try #require(owner.cookie)
        try await owner.visit { $0.renew() }
        let good = try #require(owner.cookie)
        site.clock.advance(by: .seconds(31))
        #expect(try await site.user(of: site.visitor(cookie: "\(stale); \(good)")) == "ada")
        #expect(try await site.user(of: owner) == "ada")
        #expect(try await site.user(of: site.visitor(cookie: stale)) == nil)
        #expect(try await site.user(of: owner) == nil)
    }

    @Test func aCookieFromBeforeTheMoveDoesNotHideTheStoredSession() async throws {
        let site = try StoreSite(keys: SecretKeys(TestSite.key)) { $0.acceptedFormats = [.sealed] }
        let old = try TestSite()
        let stale = try await old.cookie { $0["user"] = "old" }
        let good = try #require(try await site.signedIn().cookie)
        site.clock.advance(by: .seconds(3000))
        // The old one is good, and moves.
        #expect(try await site.visitor(cookie: "\(stale); \(good)").look("user") == "old")
        site.clock.advance(by: .seconds(599))
        var owner = site.visitor(cookie: good)
        try await owner.visit { $0["n"] = 1 }
        site.clock.advance(by: .seconds(2))
        // It has ended.
        #expect(try await site.visitor(cookie: "\(stale); \(good)").look("user") == "alice")
    }

    // MARK: - Flask-Session

    @Test(arguments: [false, true])
    func aRecordThatIsGoneDoesNotHideOneThatIsThere(signs: Bool) async throws {
        let site = try FlaskSessionSite(keys: signs ? SecretKeys(TestSite.key) : nil) {
            $0.flaskSession?.signsIDs = signs
        }
        var ended = try await site.signedIn()
        let stale = try #require(ended.cookie)
        try await ended.visit { $0.destroy() }
        let good = try #require(try await site.signedIn().cookie)
        #expect(try await site.visitor(cookie: "\(stale); \(good)").look("user") == "alice")
        #expect(try await site.visitor(cookie: "session=junk; \(good)").look("user") == "alice")
    }
}
