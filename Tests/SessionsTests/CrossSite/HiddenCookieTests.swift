// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// A request of another site from which the browser may have kept the visitor's cookie back: its response must not
/// replace that cookie.
@Suite struct HiddenCookieTests {
    private static func request(
        _ method: String = "POST", site: String? = nil, origin: String? = nil, host: String = "shop.example",
        forwarded: [String] = []
    ) -> CrossSiteRequest {
        CrossSiteRequest(
            method: method, path: "/", host: host, origin: origin, fetchSite: site, forwardedHosts: forwarded)
    }

    private static func headers(
        _ request: CrossSiteRequest, _ sameSite: SameSite? = .lax, cookie: String? = nil,
        _ handler: (Session) -> Void = { $0["paid"] = true }
    ) async throws -> SessionHeaders {
        var configuration = SessionConfiguration.standard
        configuration.cookie.sameSite = sameSite
        let site = try TestSite(configuration)
        let session = try await site.manager.open(cookie.map { [$0] } ?? [], from: request)
        handler(session)
        return try await site.manager.commit(session)
    }

    @Test(arguments: [
        Self.request(site: "cross-site"), Self.request("PUT", site: "cross-site"),
        Self.request(origin: "https://pay.example"),
        Self.request(site: "cross-site", origin: "https://www.shop.example"),
        Self.request(origin: "https://othershop.example"),
        Self.request(site: "", origin: "https://pay.example"),
    ])
    func anotherSitesRequestSetsNoCookie(_ request: CrossSiteRequest) async throws {
        for sameSite in [SameSite.lax, .strict, nil] {
            let headers = try await Self.headers(request, sameSite)
            #expect(headers.setCookie == nil)
            #expect(headers.variesOnCookie)
        }
        // A cookie that goes everywhere would have come.
        #expect(try await Self.headers(request, .crossSite).setCookie != nil)
        // Nor is one deleted, which would sign the visitor out.
        #expect(try await Self.headers(request) { $0.removeAll() }.setCookie == nil)
    }

    @Test(arguments: [
        Self.request(), Self.request(site: "same-origin"), Self.request(site: "none"), Self.request(site: "same-site"),
        Self.request(origin: "https://shop.example"), Self.request(origin: "https://SHOP.example:443"),
        Self.request(origin: "https://www.shop.example"), Self.request(origin: "null"),
        Self.request(origin: "http://localhost:3000", host: "localhost:5000"),
        Self.request(origin: "https://shop.example", host: "backend:8080", forwarded: ["shop.example"]),
        Self.request("GET", site: "cross-site"), Self.request("HEAD", origin: "https://pay.example"),
    ])
    func theSitesOwnRequestSetsOne(_ request: CrossSiteRequest) async throws {
        #expect(try await Self.headers(request).setCookie != nil)
    }

    @Test func aStrictCookieIsKeptBackFromAFollowedLinkToo() async throws {
        let link = Self.request("GET", site: "cross-site")
        #expect(try await Self.headers(link, .strict).setCookie == nil)
        #expect(try await Self.headers(Self.request("GET", site: "none"), .strict).setCookie != nil)
    }

    @Test func aRequestThatCarriesTheCookieChangesItsSession() async throws {
        let site = try TestSite()
        let cookie = try await site.cookie()
        let session = try await site.manager.open([cookie], from: Self.request(site: "cross-site"))
        session["paid"] = true
        let headers = try await site.manager.commit(session)
        #expect(try await site.contents(of: headers.pair) == ["user": "ada", "paid": true])
    }

    @Test func nothingIsStoredEitherAndTheLogTells() async throws {
        let site = try StoreSite()
        let session = try await site.sessions.open([], from: Self.request(site: "cross-site"))
        session["paid"] = true
        let headers = try await site.sessions.commit(session, logger: site.log.logger)
        #expect(headers.setCookie == nil)
        #expect(site.store.callCount == 0)
        #expect(site.log.text.contains("would replace the visitor's own"))
    }
}
