// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import HTTPTypes
import TestSupport
import Testing

@testable import Dewar

/// What proxies say of a request, and how much of it is believed.
@Suite struct ProxyFixTests {
    private static func fields(_ pairs: [(String, String)]) throws -> HTTPFields {
        HTTPFields(try pairs.map { HTTPField(name: try #require(HTTPField.Name($0.0)), value: $0.1) })
    }

    /// What a handler learns of a request to `backend:5000` with these fields.
    private static func page(
        _ fix: ProxyFix?, _ pairs: [(String, String)], baseURL: String? = nil, log: LogRecorder = LogRecorder()
    ) async throws -> TestResponse {
        let app = App(
            secretKey: .forTests, sessions: .flask, proxyFix: fix, baseURL: baseURL, logger: log.logger)
        app.get("/page", name: "page") { request in
            """
            \(app.url(for: "page", isExternal: true)) \(app.url(for: "page")) \(request.host) \(request.isSecure) \
            \(request.remoteAddress ?? "nobody")
            """
        }
        return try await app.testClient().get("/page", headers: try Self.fields([("Host", "backend:5000")] + pairs))
    }

    private static let all = [
        ("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "shop.example"),
        ("X-Forwarded-Port", "8443"), ("X-Forwarded-Prefix", "/app"),
        ("Forwarded", "for=192.0.2.9;proto=https;host=other.example"),
    ]
    private static let direct = "http://backend:5000/page /page backend:5000 false 127.0.0.1"

    @Test func nothingIsBelievedUnlessAskedFor() async throws {
        #expect(try await Self.page(nil, Self.all).text == Self.direct)
        #expect(try await Self.page(ProxyFix(xFor: 0, xProto: 0), Self.all).text == Self.direct)
    }

    @Test(
        arguments: [
            (ProxyFix(), "https://backend:5000/page /page backend:5000 true 192.0.2.7"),
            (ProxyFix(xFor: 0), "https://backend:5000/page /page backend:5000 true 127.0.0.1"),
            (ProxyFix(xHost: 1), "https://shop.example/page /page shop.example true 192.0.2.7"),
            (ProxyFix(xHost: 1, xPort: 1), "https://shop.example:8443/page /page shop.example:8443 true 192.0.2.7"),
            (ProxyFix(xPort: 1), "https://backend:8443/page /page backend:8443 true 192.0.2.7"),
            (ProxyFix(xPrefix: 1), "https://backend:5000/app/page /app/page backend:5000 true 192.0.2.7"),
            (ProxyFix(xFor: 2, xProto: 2, xHost: 2, xPort: 2, xPrefix: 2), Self.direct),
            (ProxyFix(forwarded: 1), "https://other.example/page /page other.example true 192.0.2.9"),
            (
                ProxyFix(forwarded: 1, xPrefix: 1),
                "https://other.example/app/page /app/page other.example true 192.0.2.9"
            ),
            (ProxyFix(forwarded: 2), Self.direct),
        ] as [(ProxyFix, String)])
    func eachFieldIsAskedForByItself(fix: ProxyFix, page: String) async throws {
        #expect(try await Self.page(fix, Self.all).text == page)
    }

    /// As Werkzeug's ProxyFix, which was asked, but for two: it passes over an empty value at the end and takes the one
    /// before it, a visitor's; and a quote that a visitor opens makes it pass over what the proxy adds.
    @Test(
        arguments: [
            (1, [("X-Forwarded-Host", "evil.example, shop.example")], "https://shop.example"),
            (2, [("X-Forwarded-Host", "evil.example, shop.example, inner.example")], "https://shop.example"),
            (
                2, [("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Host", "shop.example,inner")],
                "https://shop.example"
            ),
            (3, [("X-Forwarded-Host", "shop.example, inner.example")], "https://backend:5000"),
            (1, [("X-Forwarded-Host", "evil.example, ")], "https://backend:5000"),
            (1, [("X-Forwarded-Host", "")], "https://backend:5000"),
            (1, [("X-Forwarded-Host", "shop.example:443")], "https://shop.example"),
            (1, [("X-Forwarded-Host", "[::1]:8443")], "https://[::1]:8443"),
            (1, [("X-Forwarded-Host", "\"evil, shop.example")], "https://shop.example"),
        ] as [(Int, [(String, String)], String)])
    func valuesAreCountedFromTheRight(count: Int, fields: [(String, String)], origin: String) async throws {
        let fix = ProxyFix(xFor: 0, xProto: 1, xHost: count)
        let page = try await Self.page(fix, fields + [("X-Forwarded-Proto", "https")])
        #expect(page.text.hasPrefix(origin + "/page "))
    }

    @Test(
        arguments: [
            ("http", "http", false), ("https", "https", true), ("HTTPS", "https", true), ("wss", "https", true),
            ("ws", "http", false), ("http, https", "https", true), ("https,http", "http", false),
        ])
    func aSchemeIsHTTPOrHTTPS(value: String, scheme: String, isSecure: Bool) async throws {
        let text = try await Self.page(ProxyFix(), [("X-Forwarded-Proto", value)]).text
        #expect(text == "\(scheme)://backend:5000/page /page backend:5000 \(isSecure) 127.0.0.1")
    }

    @Test(
        arguments: [
            ("X-Forwarded-Proto", "javascript"), ("X-Forwarded-Proto", "https:"), ("X-Forwarded-Host", "a b"),
            ("X-Forwarded-Host", "shop.example@evil.example"), ("X-Forwarded-Host", "x\"><script>"),
            ("X-Forwarded-Host", "evil.example/"), ("X-Forwarded-Port", "80x"), ("X-Forwarded-Port", "-8080"),
            ("X-Forwarded-Port", "65536"), ("X-Forwarded-Prefix", "app"), ("X-Forwarded-Prefix", "//evil.example"),
            ("X-Forwarded-Prefix", "/\\evil.example"), ("X-Forwarded-Prefix", "/%2Fevil.example"),
            ("X-Forwarded-Prefix", "/a?b"), ("X-Forwarded-Prefix", "/a b"), ("X-Forwarded-Prefix", "/a\"><script>x"),
        ])
    func aValueThatIsNoneIs400AndNeverShown(name: String, value: String) async throws {
        let log = LogRecorder()
        let fix = ProxyFix(xHost: 1, xPort: 1, xPrefix: 1)
        let response = try await Self.page(fix, [(name, value)], log: log)
        #expect(response.status == .badRequest)
        #expect(!response.text.contains(value))
        #expect(log.text.contains("malformedForwarding"))
        #expect(!log.text.contains(value))
    }

    @Test(arguments: ["/", "/app/", "/app"])
    func aPrefixLosesItsLastSlash(value: String) async throws {
        let text = try await Self.page(ProxyFix(xFor: 0, xPrefix: 1), [("X-Forwarded-Prefix", value)]).text
        #expect(
            text.hasPrefix(value == "/" ? "http://backend:5000/page /page " : "http://backend:5000/app/page /app/page ")
        )
    }

    @Test(
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("10.0.0.1, 192.0.2.7", "192.0.2.7"), ("192.0.2.7:4711", "192.0.2.7"),
            ("2001:db8::7", "2001:db8::7"), ("[2001:db8::7]", "2001:db8::7"), ("[2001:DB8::7]:4711", "2001:db8::7"),
            ("unknown", "nobody"), ("_hidden", "nobody"), ("unix:", "nobody"), ("<script>", "nobody"),
            ("192.0.2.7:x", "nobody"), ("[192.0.2.7", "nobody"), ("", "127.0.0.1"),
        ])
    func anAddressIsANumberOrNotKnown(value: String, address: String) async throws {
        let text = try await Self.page(ProxyFix(), [("X-Forwarded-For", value)]).text
        #expect(text == "http://backend:5000/page /page backend:5000 false \(address)")
    }

    // MARK: - Forwarded

    @Test(
        arguments: [
            (1, ["for=192.0.2.43"], "http://backend:5000", "192.0.2.43"),
            (1, ["For=\"[2001:db8:cafe::17]:4711\";PROTO=https"], "https://backend:5000", "2001:db8:cafe::17"),
            (
                1, ["for=192.0.2.60;proto=http;by=203.0.113.43;host=\"a.example:8080\""], "http://a.example:8080",
                "192.0.2.60"
            ),
            (1, ["for=192.0.2.43, for=198.51.100.17"], "http://backend:5000", "198.51.100.17"),
            (2, ["for=192.0.2.43, for=198.51.100.17"], "http://backend:5000", "192.0.2.43"),
            (2, ["for=192.0.2.43", "for=198.51.100.17;host=inner"], "http://backend:5000", "192.0.2.43"),
            (1, ["for=\"a,b;c\" ; proto=https , for=_secret; host=b.example"], "http://b.example", "nobody"),
            (1, ["for=\"192.0.2.4\\3\""], "http://backend:5000", "192.0.2.43"),
            (1, ["for=\"192.0.2.43:_port\""], "http://backend:5000", "192.0.2.43"),
            (1, ["host=a.example;;proto=https;"], "https://a.example", "127.0.0.1"),
            (1, ["host=evil.example,"], "http://backend:5000", "127.0.0.1"),
        ] as [(Int, [String], String, String)])
    func elementsOfForwardedAreCountedToo(
        count: Int, lines: [String], origin: String, address: String
    ) async throws {
        let page = try await Self.page(ProxyFix(forwarded: count), lines.map { ("Forwarded", $0) })
        #expect(page.text.hasPrefix(origin + "/page "))
        #expect(page.text.hasSuffix(" " + address))
    }

    @Test(arguments: [
        "for=\"192.0.2.1, for=192.0.2.2", "for", "=x", "for=", "for=a b", "for=192.0.2.1;for=192.0.2.2", "for=a/b",
        "host=a.example:8080", "for=\"x\"y", "for=x\\", "proto=gopher", "host=\"a b\"", "for=\"x\\",
    ])
    func aForwardedFieldThatBreaksTheGrammarIs400(line: String) async throws {
        #expect(try await Self.page(ProxyFix(forwarded: 1), [("Forwarded", line)]).status == .badRequest)
        #expect(try await Self.page(ProxyFix(), [("Forwarded", line)]).text == Self.direct)
    }

    // MARK: - Base URL

    @Test(
        arguments: [
            ("https://shop.example", "https://shop.example/page /page shop.example true 127.0.0.1"),
            ("https://Shop.example:443/app/", "https://shop.example/app/page /app/page shop.example true 127.0.0.1"),
            ("http://[::1]:8080/a/b", "http://[::1]:8080/a/b/page /a/b/page [::1]:8080 false 127.0.0.1"),
            (
                "https://münchen.example",
                "https://xn--mnchen-3ya.example/page /page xn--mnchen-3ya.example true 127.0.0.1"
            ),
        ])
    func aBaseURLHoldsWhateverARequestSays(baseURL: String, page: String) async throws {
        #expect(try await Self.page(nil, Self.all, baseURL: baseURL).text == page)
        let fix = ProxyFix(xFor: 0, xProto: 1, xHost: 1, xPort: 1, xPrefix: 1)
        #expect(try await Self.page(fix, Self.all, baseURL: baseURL).text == page)
    }

    @Test func aBaseURLHoldsInJobsToo() throws {
        let app = App(secretKey: .forTests, baseURL: "https://shop.example/app", logger: LogRecorder().logger)
        app.get("/reset/<token>", name: "reset") { _ in "" }
        #expect(
            app.url(for: "reset", ["token": "x"], isExternal: true) == "https://shop.example/app/reset/x")
        #expect(app.url(for: "reset", ["token": "x"]) == "/app/reset/x")
    }

    // MARK: - Mistakes

    @Test(arguments: [
        "", "shop.example", "ftp://shop.example", "https://", "https://u:p4ss@shop.example", "https://shop.example?a",
        "https://shop.example/#a", "https://shop.example//a", "https://a b", " https://shop.example", "//shop.example",
        "https://shop.example:0", "https:\\\\shop.example",
    ])
    func aBaseURLThatIsNoneStopsTheStart(text: String) {
        let app = App(secretKey: .forTests, baseURL: text, logger: LogRecorder().logger)
        let error = #expect(throws: AppError.self) { try app.testClient() }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.description.hasPrefix("The base URL is none; write https://shop.example, or") == true)
        #expect(error?.description.contains("p4ss") == false)
    }

    @Test func countsThatContradictEachOtherStopTheStart() {
        var both = ProxyFix(forwarded: 1)
        both.xHost = 1
        for fix in [ProxyFix(xFor: -1), ProxyFix(forwarded: -1), both] {
            let app = App(secretKey: .forTests, proxyFix: fix, logger: LogRecorder().logger)
            let error = #expect(throws: AppError.self) { try app.testClient() }
            #expect(error?.kind == .invalidConfiguration)
        }
    }
}
