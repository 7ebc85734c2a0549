// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// When the cookie of an unchanged session is sent again.
@Suite struct RefreshTests {
    @Test func flaskSendsAPermanentSessionWithEveryResponse() async throws {
        let site = try TestSite(.flask)
        let cookie = try await site.cookie {
            $0["user"] = "ada"; $0.isPermanent = true
        }
        site.clock.advance(by: .seconds(60))
        let headers = try await site.visit(cookie)
        #expect(headers.attributes == "Expires=Fri, 15 Dec 2023 22:14:20 GMT; HttpOnly; Path=/")
        #expect(headers.variesOnCookie)
        #expect(headers.pair != cookie)
        #expect(try await site.contents(of: headers.pair) == ["user": "ada", "_permanent": true])
    }

    @Test func flaskSendsACompressedPermanentSessionToo() async throws {
        let site = try TestSite(.flask)
        let cookie = try await site.cookie {
            $0["text"] = .string(String(repeating: "a", count: 500))
            $0.isPermanent = true
        }
        #expect(cookie.hasPrefix("session=."))
        #expect(try await site.visit(cookie).setCookie != nil)
    }

    @Test func flaskDoesNotSendWhatIsNotPermanent() async throws {
        let site = try TestSite(.flask)
        for cookie in [
            try await site.cookie(),
            try await site.cookie { $0["text"] = "_permanent" },
            try await site.cookie { $0["_permanent"] = false },
        ] {
            #expect(try await site.visit(cookie) == site.visit())
        }
    }

    @Test func neverMeansNever() async throws {
        var configuration = SessionConfiguration.flask
        configuration.refresh = .never
        let site = try TestSite(configuration)
        let cookie = try await site.cookie { $0.isPermanent = true }
        site.clock.advance(by: .seconds(10_000))
        #expect(try await site.visit(cookie).setCookie == nil)
        #expect(try await site.visit(cookie) { _ = $0["a"] }.setCookie == nil)
    }

    /// As with a static file or a health check: Flask sends the cookie with these too, and its own format does so here. A
    /// sealed cookie does not show when it was made, and is left as it is.
    @Test(arguments: [SessionFormat.sealed, .signed, .flask])
    func aRequestThatNeverLooksGetsThePermanentCookieWhenItIsDue(_ format: SessionFormat) async throws {
        var configuration = SessionConfiguration.standard
        configuration.format = format
        configuration.refresh = .permanentOnEachRequest
        let site = try TestSite(configuration)
        let cookie = try await site.cookie { $0.isPermanent = true }
        site.clock.advance(by: .seconds(359))
        let early = try await site.visit(cookie)
        #expect((early.setCookie != nil) == (format == .flask))
        #expect(early.forbidsCaching == (format == .flask))
        // One that looks is refreshed at once, and one that the library alone looked at is not.
        #expect(try await site.visit(cookie) { _ = $0["user"] }.setCookie != nil)
        let checked = try await site.manager.open([cookie])
        _ = try CrossSiteGuard(CrossSitePolicy()).demandsToken(after: .unproven, in: checked)
        #expect(try await (site.manager.commit(checked).setCookie != nil) == (format == .flask))
        site.clock.advance(by: .seconds(1))
        #expect(try await (site.visit(cookie).setCookie != nil) == (format != .sealed))
    }

    @Test(arguments: [false, true], [SessionFormat.sealed, .signed])
    func theStandardSendsAgainAfterATenthOfTheIdleTime(_ looks: Bool, _ format: SessionFormat) async throws {
        let site = try TestSite(format == .signed ? .signed : .standard)
        let cookie = try await site.cookie()
        site.clock.advance(by: .seconds(359))
        #expect(try await site.visit(cookie) { if looks { _ = $0["user"] } }.setCookie == nil)
        site.clock.advance(by: .seconds(1))
        let headers = try await site.visit(cookie) { if looks { _ = $0["user"] } }
        // Nothing opens the seal of a cookie that nothing looks at.
        let isSent = looks || format == .signed
        #expect((headers.setCookie != nil) == isSent)
        #expect(headers.variesOnCookie == isSent)
        #expect(headers.forbidsCaching == isSent)
    }

    @Test(arguments: [SessionFormat.sealed, .signed])
    func aVisitorWhoKeepsComingStaysUntilTheAbsoluteEnd(_ format: SessionFormat) async throws {
        let site = try TestSite(format == .signed ? .signed : .standard)
        var cookie = try await site.cookie()
        for _ in 0..<48 {
            site.clock.advance(by: .seconds(1800))
            let headers = try await site.visit(cookie) { _ = $0["user"] }
            if headers.setCookie != nil { cookie = headers.pair }
            #expect(try await site.contents(of: cookie) == ["user": "ada"])
        }
        site.clock.advance(by: .seconds(1))
        #expect(try await site.contents(of: cookie).isEmpty)
        #expect(site.log.text.contains("expired"))
    }

    @Test func aVisitorWhoStaysAwayIsForgotten() async throws {
        let site = try TestSite()
        let cookie = try await site.cookie()
        site.clock.advance(by: .seconds(3600))
        #expect(try await site.contents(of: cookie) == ["user": "ada"])
        site.clock.advance(by: .seconds(1))
        #expect(try await site.contents(of: cookie).isEmpty)
        #expect(try await site.visit(cookie).setCookie == nil)
    }

    @Test(arguments: ["a.ZZZZZZ.b", "a..b", "..", "a.b", ".eA.ZVPx.c", "e30.ZVPxAA.AAAAAAAAAAAAAAAAAAAAAAAAAAA"])
    func aForgedTimeRefreshesNothing(_ token: String) async throws {
        for configuration in [SessionConfiguration.standard, .signed, .flask] {
            let site = try TestSite(configuration)
            #expect(try await site.visit("\(configuration.cookie.name)=\(token)").setCookie == nil)
        }
    }
}
