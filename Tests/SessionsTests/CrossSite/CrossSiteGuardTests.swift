// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

/// The decisions of Go 1.25's `net/http.CrossOriginProtection`, case by case, and where this guard is stricter.
@Suite struct CrossSiteGuardTests {
    /// A request to `example.com`, and whether it is allowed.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let request: CrossSiteRequest
        let isAllowed: Bool

        init(
            _ name: String, _ method: String = "POST", fetchSite: String? = nil, origin: String? = nil,
            host: String? = "example.com", path: String = "/", allowed: Bool
        ) {
            self.testDescription = name
            self.request = CrossSiteRequest(
                method: method, path: path, host: host, origin: origin, fetchSite: fetchSite)
            self.isAllowed = allowed
        }

        func check(_ policy: CrossSitePolicy) throws {
            let guardian = try CrossSiteGuard(policy)
            let verdict = try? guardian.check(self.request)
            #expect(
                (verdict != nil) == self.isAllowed, "\(self.testDescription): \(verdict.map { "\($0)" } ?? "refused")")
        }
    }

    @Test(arguments: [
        Case("same-origin", fetchSite: "same-origin", allowed: true),
        Case("by the visitor's own hand", fetchSite: "none", allowed: true),
        Case("cross-site", fetchSite: "cross-site", allowed: false),
        Case("same-site", fetchSite: "same-site", allowed: false),
        Case("neither field", allowed: true),
        Case("matching origin", origin: "https://example.com", allowed: true),
        Case("another origin", origin: "https://attacker.example", allowed: false),
        Case("null origin from another site", fetchSite: "cross-site", origin: "null", allowed: false),
        Case("GET", "GET", fetchSite: "cross-site", allowed: true),
        Case("HEAD", "HEAD", fetchSite: "cross-site", allowed: true),
        Case("OPTIONS", "OPTIONS", fetchSite: "cross-site", allowed: true),
        Case("PUT", "PUT", fetchSite: "cross-site", allowed: false),
    ])
    func goDecidesSo(_ one: Case) throws {
        try one.check(CrossSitePolicy())
    }

    @Test(arguments: [
        Case("DELETE", "DELETE", fetchSite: "cross-site", allowed: false),
        Case("PATCH", "PATCH", fetchSite: "cross-site", allowed: false),
        Case("TRACE is not safe", "TRACE", fetchSite: "cross-site", allowed: false),
        Case("small letters make another method", "get", fetchSite: "cross-site", allowed: false),
        Case("an unknown site", fetchSite: "Same-Origin", allowed: false),
        Case("an empty site is none", fetchSite: "", origin: "https://attacker.example", allowed: false),
        Case("an empty origin is none", fetchSite: "", origin: "", allowed: true),
        Case(
            "the site goes before the origin", fetchSite: "same-origin", origin: "https://attacker.example",
            allowed: true),
        Case(
            "the site goes before a matching origin", fetchSite: "cross-site", origin: "https://example.com",
            allowed: false),
        Case("the scheme is not compared", origin: "http://example.com", allowed: true),
        Case("the same port", origin: "http://example.com:8080", host: "example.com:8080", allowed: true),
        Case("another port", origin: "http://example.com:8081", host: "example.com:8080", allowed: false),
        Case("no port and a port", origin: "http://example.com", host: "example.com:8080", allowed: false),
        Case("a port that goes without saying", origin: "https://example.com:443", allowed: true),
        Case("HTTPS' port in the host", origin: "https://example.com", host: "example.com:443", allowed: true),
        Case("HTTP's port in the host", origin: "http://example.com", host: "example.com:80", allowed: true),
        Case("the other scheme's port", origin: "http://example.com", host: "example.com:443", allowed: false),
        Case("HTTPS on HTTP's port", origin: "https://example.com", host: "example.com:80", allowed: false),
        Case("a scheme without a port", origin: "capacitor://example.com", host: "example.com:443", allowed: false),
        Case("IPv6 with its port", origin: "https://[::A]", host: "[::a]:443", allowed: true),
        Case("capital letters", origin: "https://EXAMPLE.com", allowed: true),
        Case("a scheme in capital letters", origin: "HTTPS://example.com", host: "example.com:443", allowed: true),
        Case("a host in capital letters", origin: "https://example.com", host: "EXAMPLE.com", allowed: true),
        Case("a host with a user", origin: "https://example.com", host: "x@example.com", allowed: false),
        Case("a host with a path", origin: "https://example.com", host: "example.com/", allowed: false),
        Case("a subdomain", origin: "https://www.example.com", allowed: false),
        Case("a host that begins alike", origin: "https://example.com.attacker.example", allowed: false),
        Case("a host that ends alike", origin: "https://attackerexample.com", allowed: false),
        Case("IPv6", origin: "http://[::1]:5000", host: "[::1]:5000", allowed: true),
        Case("another IPv6", origin: "http://[::2]:5000", host: "[::1]:5000", allowed: false),
        Case("no host at all", origin: "https://example.com", host: nil, allowed: false),
    ])
    func theRestOfTheMatrix(_ one: Case) throws {
        try one.check(CrossSitePolicy())
    }

    @Test(arguments: [
        Case("no host on either side", origin: "https://", host: "", allowed: false),
        Case("a user", origin: "https://example.com@example.com", allowed: false),
        Case("a path", origin: "https://example.com/", allowed: false),
        Case("no scheme", origin: "//example.com", allowed: false),
        Case("two origins", origin: "https://example.com https://attacker.example", allowed: false),
        Case("two origins with a comma", origin: "https://example.com, https://example.com", allowed: false),
        Case("a line end", origin: "https://example.com\r\n", host: "example.com\r\n", allowed: false),
        Case("an equivalent letter", origin: "https://e\u{301}.com", host: "\u{E9}.com", allowed: false),
    ])
    func whatIsNoOriginMatchesNoHost(_ one: Case) throws {
        try one.check(CrossSitePolicy())
    }

    @Test(arguments: [
        Case("trusted", origin: "https://trusted.example", allowed: true),
        Case("trusted and cross-site", fetchSite: "cross-site", origin: "https://trusted.example", allowed: true),
        Case("not trusted", origin: "https://attacker.example", allowed: false),
        Case("not trusted and cross-site", fetchSite: "cross-site", origin: "https://attacker.example", allowed: false),
        Case("another scheme", origin: "http://trusted.example", allowed: false),
        Case("another port", origin: "https://trusted.example:8443", allowed: false),
        Case("capital letters", origin: "https://Trusted.example", allowed: true),
        Case("its own port", origin: "https://trusted.example:443", allowed: true),
        Case("HTTP's port", origin: "https://trusted.example:80", allowed: false),
        Case("null", fetchSite: "cross-site", origin: "null", allowed: false),
        Case("cross-site without an origin", fetchSite: "cross-site", allowed: false),
    ])
    func trustedOriginsAreTakenAndNoOthers(_ one: Case) throws {
        try one.check(CrossSitePolicy(trustedOrigins: ["https://trusted.example"]))
    }

    @Test(arguments: [
        ("/hook", true), ("/hook/", false), ("/hooks", false), ("/Hook", false), ("/%68ook", false),
        ("/below/", true), ("/below/a", true), ("/below/a/b", true), ("/below", false), ("/below/../login", false),
        ("/below/a/../../login", false), ("/below/.", false), ("/below//login", false), ("/below/..%2flogin", false),
        ("/below/%2e%2e/login", false), ("/below/..\\login", false), ("/x/below/", false), ("/foo/../below/a", false),
    ])
    func exemptPathsAreThoseAndNoOthers(path: String, isExempt: Bool) throws {
        for fetchSite in ["cross-site", nil] {
            let one = Case(
                path, fetchSite: fetchSite, origin: "https://attacker.example", path: path, allowed: isExempt)
            try one.check(CrossSitePolicy(exemptPaths: ["/hook", "/below/"]))
        }
    }

    @Test(arguments: [
        ("https://example.com", true), ("https://example.com:8080", true), ("http://example.com", true),
        ("http://[::1]:3000", true), ("capacitor://localhost", true), ("example.com", false), ("https://", false),
        ("https://example.com/", false), ("https://example.com/path", false),
        ("https://example.com?query=value", false),
        ("https://example.com#fragment", false), ("https://ex ample.com", false), ("", false), ("null", false),
        ("*", false),
        ("https://*.example.com", false), ("https://user@example.com", false), ("https://Example.com", false),
        ("https://example.com:443", false), ("http://example.com:80", false), ("https://example.com:", false),
        ("https://example.com:x", false), ("1https://example.com", false), ("https://[::1", false),
    ])
    func aTrustedOriginMustBeOne(origin: String, isOne: Bool) throws {
        let policy = CrossSitePolicy(trustedOrigins: [origin])
        if isOne {
            _ = try CrossSiteGuard(policy)
        } else {
            let error = #expect(throws: SessionError.self) { try CrossSiteGuard(policy) }
            #expect(error?.kind == .invalidConfiguration)
        }
    }

    @Test(arguments: ["", "hook", "/hook?x=1", "/hook#x", "/"])
    func anExemptPathMustBeOne(path: String) {
        let error = #expect(throws: SessionError.self) { try CrossSiteGuard(CrossSitePolicy(exemptPaths: [path])) }
        #expect(error?.kind == .invalidConfiguration)
    }

    @Test func aForwardedHostCountsOnlyWhereItIsTrusted() throws {
        func request(_ forwarded: [String]) -> CrossSiteRequest {
            CrossSiteRequest(
                method: "POST", path: "/", host: "backend:8080", origin: "https://shop.example", fetchSite: nil,
                forwardedHosts: forwarded)
        }
        let plain = try CrossSiteGuard(CrossSitePolicy())
        #expect(throws: CrossSiteRefusal.self) { try plain.check(request(["shop.example"])) }
        let trusting = try CrossSiteGuard(CrossSitePolicy(trustsForwardedHost: true))
        #expect(try trusting.check(request(["shop.example"])) == .sameOrigin)
        for forwarded in [[], ["attacker.example"], ["shop.example", "shop.example"], ["shop.example, shop.example"]] {
            #expect(throws: CrossSiteRefusal.self) { try trusting.check(request(forwarded)) }
        }
        // Where it names another host, the one behind the proxy is not the site's.
        let inner = CrossSiteRequest(
            method: "POST", path: "/", host: "backend:8080", origin: "http://backend:8080", fetchSite: nil,
            forwardedHosts: ["shop.example"])
        #expect(throws: CrossSiteRefusal.self) { try trusting.check(inner) }
    }

    /// Where the server knows its own scheme: a page that the same host serves over HTTP is of another origin.
    @Test(
        arguments: [
            ("https", "https://example.com", true), ("https", "HTTPS://example.com", true),
            ("https", "http://example.com", false), ("http", "Http://example.com", true),
            ("http", "https://example.com", false), (nil, "http://example.com", true),
        ] as [(String?, String, Bool)])
    func theSchemeOfTheServerCounts(scheme: String?, origin: String, isOwn: Bool) throws {
        let request = CrossSiteRequest(
            method: "POST", path: "/", host: "example.com", origin: origin, fetchSite: nil, scheme: scheme)
        let verdict = try? CrossSiteGuard(CrossSitePolicy()).check(request)
        #expect((verdict == .sameOrigin) == isOwn)
    }

    @Test func aNullOriginIsNoProofAndNeedsAToken() throws {
        func request(_ host: String?) -> CrossSiteRequest {
            CrossSiteRequest(method: "POST", path: "/hook", host: host, origin: "null", fetchSite: nil)
        }
        for host in ["example.com", "", nil] {
            #expect(try CrossSiteGuard(CrossSitePolicy()).check(request(host)) == .opaqueOrigin)
        }
        // Where no token is looked for there is none to prove it.
        let without = try CrossSiteGuard(CrossSitePolicy(tokens: .never))
        #expect(throws: CrossSiteRefusal.self) { try without.check(request("example.com")) }
        #expect(try CrossSiteGuard(CrossSitePolicy(exemptPaths: ["/hook"])).check(request(nil)) == .exempt)
    }

    @Test(
        arguments: [
            (nil, "https://example.com", true), (nil, "https://attacker.example", false), (nil, "null", false),
            (nil, nil, true), ("same-origin", "https://example.com", true), ("none", nil, true),
            ("cross-site", "https://attacker.example", false), ("same-site", "https://www.example.com", false),
            ("cross-site", "https://trusted.example", true),
        ] as [(String?, String?, Bool)])
    func aWebSocketHandshakeIsDecidedByItsOrigin(site: String?, origin: String?, isAllowed: Bool) throws {
        let request = CrossSiteRequest(
            method: "GET", path: "/", host: "example.com", origin: origin, fetchSite: site, isWebSocketHandshake: true)
        let policy = CrossSitePolicy(trustedOrigins: ["https://trusted.example"], tokens: .always)
        let verdict = try? CrossSiteGuard(policy).check(request)
        // A script cannot put a token into it.
        let expected: CrossSiteVerdict = site == "cross-site" ? .trusted : .safe
        #expect(verdict == (isAllowed ? expected : nil))
    }

    @Test func offTakesAll() throws {
        try Case("anything", fetchSite: "cross-site", origin: "null", allowed: true).check(.off)
    }

    @Test func aRefusalTellsWhyAndNothingThatWasSent() throws {
        let guardian = try CrossSiteGuard(CrossSitePolicy())
        let refused: [(String?, CrossSiteRefusal.Kind)] = [("cross-site<script>", .fetchSite), (nil, .origin)]
        for (fetchSite, reason) in refused {
            let request = CrossSiteRequest(
                method: "POST", path: "/<script>", host: "example.com", origin: "https://<script>", fetchSite: fetchSite
            )
            let refusal = #expect(throws: CrossSiteRefusal.self) { try guardian.check(request) }
            #expect(refusal?.kind == reason)
            #expect(refusal?.description.contains("<script>") == false)
        }
    }
}
