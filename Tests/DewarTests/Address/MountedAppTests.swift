// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import HTTPTypes
import TestSupport
import Testing

@testable import Dewar

/// An application under a path of a site, behind a proxy that speaks HTTPS for it.
@Suite struct MountedAppTests {
    private static func fields(_ pairs: KeyValuePairs<String, String>) throws -> HTTPFields {
        HTTPFields(try pairs.map { HTTPField(name: try #require(HTTPField.Name($0.key)), value: $0.value) })
    }

    private static func app(fix: ProxyFix? = nil, baseURL: String? = nil, trustedHosts: [String] = []) -> App {
        let app = App(
            secretKey: .forTests, sessions: .flask, trustedHosts: trustedHosts, proxyFix: fix, baseURL: baseURL,
            logger: LogRecorder().logger)
        app.signInRoute = "login"
        app.route("/login", methods: .get, .post, name: "login") { request in
            guard request.method == .post else { return "<form method=post></form>" }
            request.session.signIn(as: "ada")
            return redirect(request.next ?? app.url(for: "login"))
        }
        app.get("/settings", handler: requireSignedIn { _ in "settings" })
        app.route("/projects/", methods: .get, .post) { _ in "projects" }
        return app
    }

    private static let mounts: [(ProxyFix?, String?)] = [
        (ProxyFix(xHost: 1, xPrefix: 1), nil), (nil, "https://shop.example/app"),
    ]
    private static let fromProxy: KeyValuePairs<String, String> = [
        "Host": "backend:5000", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "shop.example",
        "X-Forwarded-Prefix": "/app",
    ]

    @Test func redirectsStayUnderThePathOfTheSite() async throws {
        let headers = try Self.fields(Self.fromProxy)
        for (fix, baseURL) in Self.mounts {
            let client = try Self.app(fix: fix, baseURL: baseURL).testClient()
            #expect(try await client.get("/projects?page=2", headers: headers).location == "/app/projects/?page=2")
            let sent = try await client.get("/settings?a=1", headers: headers)
            #expect(sent.location == "/app/login?next=/app/settings?a%3D1")
            let back = try await client.post("/login?next=/app/settings?a%3D1", headers: headers)
            #expect(back.location == "/app/settings?a=1")
        }
    }

    /// A 308 repeats the form, and the password in it, wherever it leads.
    @Test func aRedirectOfAFormNamesNoScheme() async throws {
        let client = try Self.app().testClient()
        let response = try await client.post("/projects", form: ["password": "x"])
        #expect(response.status == .permanentRedirect)
        #expect(response.location == "/projects/")
    }

    @Test func theOwnOriginIsTheOneThatTheVisitorSees() async throws {
        for (fix, baseURL) in Self.mounts {
            let client = try Self.app(fix: fix, baseURL: baseURL).testClient()
            for (origin, status) in [
                ("https://shop.example", 302), ("http://shop.example", 403), ("https://backend:5000", 403),
                ("http://backend:5000", 403), ("https://shop.example:8443", 403), ("null", 403),
            ] {
                var headers = try Self.fields(Self.fromProxy)
                headers[.origin] = origin
                #expect(try await client.post("/login", headers: headers).status.code == status, "\(origin)")
            }
        }
        // Nobody has said that the fields are a proxy's.
        var headers = try Self.fields(Self.fromProxy)
        headers[.origin] = "https://shop.example"
        #expect(try await Self.app().testClient().post("/login", headers: headers).status == .forbidden)
    }

    @Test func trustedHostsAreThoseThatTheVisitorSees() async throws {
        let headers = try Self.fields(Self.fromProxy)
        for (host, status) in [("shop.example", 200), ("backend", 400)] {
            let app = Self.app(fix: ProxyFix(xHost: 1), trustedHosts: [host])
            #expect(try await app.testClient().get("/login", headers: headers).status.code == status)
        }
    }

    @Test(arguments: [
        "//attacker.example", "/%2Fattacker.example", "//attacker.example//x", "///attacker.example/x//y",
        "/%2F%2Fattacker.example", "//attacker.example/%2F", "/\\attacker.example", "/%5Cattacker.example//x",
        "/\\/attacker.example", "\\\\attacker.example",
    ])
    func noRedirectOfSlashesLeadsToAnotherHost(target: String) async throws {
        let app = App.forTests()
        app.get("/<a>/") { _ in "one" }
        app.get("/<a>/<b>") { _ in "two" }
        app.get("/<a>/<b>/<c>") { _ in "three" }
        let response = try await app.testClient().get(target)
        guard let location = response.location else { return }
        #expect(location.hasPrefix("/attacker.example") || location.hasPrefix("/%5C"))
        #expect(response.text.contains("href=\"\(location)\""))
    }

    @Test func theRedirectOfAHostIsRelative() async throws {
        let name = try #require(HTTPField.Name("Host"))
        let response = try await Self.app().testClient().get("/projects", headers: [name: "attacker.example"])
        #expect(response.location == "/projects/")
        #expect(!response.text.contains("attacker"))
    }
}
