// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import HTTPTypes
import TestSupport
import Testing

/// Cross-site requests and an application, which refuses them unless told otherwise.
@Suite struct AppCrossSiteTests {
    private static let attack: HTTPFields = [.origin: "https://attacker.example"]

    private static func app(_ policy: CrossSitePolicy = CrossSitePolicy(), log: LogRecorder = LogRecorder()) -> App {
        let app = App(secretKey: .forTests, sessions: .flask, crossSite: policy, logger: log.logger)
        app.get("/form") { request in "<form method=post>\(csrf: request)</form>" }
        app.get("/token") { request in Response(text: request.csrfToken) }
        app.get("/page") { _ in "page" }
        app.route("/sign-in", methods: .post) { request in
            request.session["username"] = "admin"
            request.session.renew()
            return "ok"
        }
        app.route("/change", methods: .post, .put, .patch, .delete) { request in
            request.session["changed"] = true
            return "changed \((try? await request.form["a"]) ?? "")"
        }
        return app
    }

    private static func fields(_ pairs: KeyValuePairs<String, String>) throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in pairs { fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        return fields
    }

    private static func token(in page: String) throws -> String {
        let start = "<form method=post><input type=\"hidden\" name=\"csrf_token\" value=\""
        #expect(page.hasPrefix(start) && page.hasSuffix("\"></form>"))
        return String(page.dropFirst(start.count).prefix { $0 != "\"" })
    }

    @Test(arguments: [HTTPRequest.Method.post, .put, .patch, .delete])
    func itRefusesThemUnasked(method: HTTPRequest.Method) async throws {
        let client = try Self.app().testClient()
        let response = try await client.send(method, "/change", headers: Self.attack)
        #expect(response.status == .forbidden)
        #expect(response.headers[.setCookie] == nil)
        #expect(response.text.contains("Origin and Host differ"))
        #expect(!response.text.contains("attacker"))
        #expect(try await client.withSession { $0.isEmpty })
        #expect(try await client.send(method, "/change").status == .ok)
    }

    @Test(
        arguments: [
            (["Sec-Fetch-Site": "cross-site"], 403), (["Sec-Fetch-Site": "same-site"], 403),
            (["Sec-Fetch-Site": "none"], 200),
            (["Sec-Fetch-Site": "same-origin"], 200), (["Origin": "null"], 403), (["Origin": "http://localhost"], 200),
            (["Origin": "https://localhost"], 200), (["Origin": "http://localhost:5000"], 403),
            (["Origin": "http://LOCALHOST"], 200), (["Origin": "http://localhost:80"], 200),
            (["Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"], 403),
            (["Origin": "https://shop.example", "X-Forwarded-Host": "shop.example"], 403),
        ] as [(KeyValuePairs<String, String>, Int)])
    func theHeadersDecide(headers: KeyValuePairs<String, String>, status: Int) async throws {
        let response = try await Self.app().testClient().post("/change", headers: try Self.fields(headers))
        #expect(response.status.code == status)
    }

    @Test func itCanBeTurnedOffAndToldWhomToTrust() async throws {
        for policy in [
            CrossSitePolicy.off, CrossSitePolicy(trustedOrigins: ["https://attacker.example"]),
            CrossSitePolicy(exemptPaths: ["/change"]),
        ] {
            #expect(try await Self.app(policy).testClient().post("/change", headers: Self.attack).status == .ok)
        }
    }

    @Test func aMistakeInThePolicyStopsTheStart() {
        #expect(throws: SessionError.self) {
            try Self.app(CrossSitePolicy(trustedOrigins: ["https://pay.example/"])).testClient()
        }
    }

    @Test func aTokenInAFormOrAHeaderIsDemandedOnceAPageHadOne() async throws {
        let client = try Self.app().testClient()
        #expect(try await client.post("/change").status == .ok)
        let token = try Self.token(in: try await client.get("/form").text)
        let refused = try await client.post("/change", form: ["a": "1"])
        #expect(refused.status == .forbidden)
        #expect(refused.text.contains("token"))
        #expect(try await client.post("/change", form: ["a": "1", "csrf_token": token]).text == "changed 1")
        #expect(try await client.post("/change", headers: try Self.fields(["X-CSRF-Token": token])).status == .ok)
        let modern = try Self.fields(["Sec-Fetch-Site": "same-origin"])
        #expect(try await client.post("/change", headers: modern).status == .ok)
        let multipart = "--b\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n\(token)\r\n--b--\r\n"
        let type: HTTPFields = [.contentType: "multipart/form-data; boundary=b"]
        #expect(try await client.send(.post, "/change", headers: type, body: Array(multipart.utf8)).status == .ok)
    }

    /// As after a page with `Referrer-Policy: no-referrer`, in a browser without `Sec-Fetch-Site`.
    @Test func aNullOriginPassesWithAGoodTokenAlone() async throws {
        let client = try Self.app().testClient()
        let null: HTTPFields = [.origin: "null"]
        let token = try await client.get("/token").text
        #expect(try await client.post("/change", headers: null).status == .forbidden)
        #expect(try await client.post("/change", form: ["csrf_token": "x"], headers: null).status == .forbidden)
        #expect(try await client.post("/change", form: ["csrf_token": token], headers: null).status == .ok)
        let elsewhere = try Self.fields(["Origin": "null", "Sec-Fetch-Site": "cross-site", "X-CSRF-Token": token])
        #expect(try await client.post("/change", headers: elsewhere).status == .forbidden)
        let foreign = try Self.app().testClient()
        #expect(try await foreign.post("/change", form: ["csrf_token": token], headers: null).status == .forbidden)
    }

    @Test(arguments: ["websocket", "WebSocket", "h2c, websocket"])
    func aWebSocketHandshakeOfAnotherSiteIsRefused(upgrade: String) async throws {
        let client = try Self.app().testClient()
        func status(_ origin: String) async throws -> Int {
            let fields = try Self.fields(["Origin": origin, "Upgrade": upgrade, "Connection": "Upgrade"])
            return try await client.get("/page", headers: fields).status.code
        }
        #expect(try await status("https://attacker.example") == 403)
        #expect(try await status("http://localhost") == 200)
        #expect(try await client.get("/page", headers: Self.attack).status == .ok)
    }

    @Test func whatIsLetThroughDoesNotReplaceTheVisitorsCookie() async throws {
        for policy in [
            CrossSitePolicy.off, CrossSitePolicy(trustedOrigins: ["https://attacker.example"]),
            CrossSitePolicy(exemptPaths: ["/sign-in"]),
        ] {
            // A browser that keeps the visitor's cookie back, as SameSite asks it to.
            let response = try await Self.app(policy).testClient().post("/sign-in", headers: Self.attack)
            #expect(response.status == .ok)
            #expect(response.headers[.setCookie] == nil)
        }
        let own = try await Self.app(.off).testClient().post("/sign-in", headers: [.origin: "http://localhost"])
        #expect(own.headers[.setCookie] != nil)
    }

    @Test func manyTabsWorkUntilTheVisitorSignsIn() async throws {
        let client = try Self.app().testClient()
        var tabs: [String] = []
        for _ in 0..<3 { tabs.append(try await client.get("/token").text) }
        #expect(Set(tabs).count == 3)
        for token in tabs {
            #expect(try await client.post("/change", form: ["csrf_token": token]).status == .ok)
        }
        #expect(try await client.post("/sign-in", form: ["csrf_token": tabs[0]]).status == .ok)
        for token in tabs {
            let response = try await client.post("/change", form: ["csrf_token": token])
            #expect(response.status == .forbidden)
            #expect(response.text.contains("no longer good"))
            #expect(!response.text.contains(token))
        }
        let token = try await client.get("/token").text
        #expect(try await client.post("/change", form: ["csrf_token": token]).status == .ok)
    }

    @Test func onlyAPageWithAFormBeginsASession() async throws {
        let client = try Self.app().testClient()
        let page = try await client.get("/page")
        #expect(page.headers[.setCookie] == nil && page.headers[.vary] == nil)
        #expect(try await client.get("/form").headers[.setCookie] != nil)
        #expect(try await client.get("/form").headers[.setCookie] == nil)
    }

    @Test func anErrorHandlerMayWriteThePage() async throws {
        let app = Self.app()
        app.errorHandler(of: CrossSiteRefusal.self) { _, refusal in Response(text: "no: \(refusal.kind)") }
        #expect(try await app.testClient().post("/change", headers: Self.attack).text == "no: origin")
        let other = Self.app()
        other.errorHandler(403) { _, _ in Response(text: "members only", status: .forbidden) }
        #expect(try await other.testClient().post("/change", headers: Self.attack).text == "members only")
    }

    @Test func noHookSeesARefusedRequest() async throws {
        let app = Self.app()
        let events = Events()
        app.beforeRequest { _ in
            events.add("before")
            return nil
        }
        try await app.testClient().post("/change", headers: Self.attack)
        #expect(events.all.isEmpty)
    }

    @Test func theLogTellsTheReasonAndNoSecret() async throws {
        let log = LogRecorder()
        let client = try Self.app(log: log).testClient()
        let token = try await client.get("/token").text
        let secret = try await client.withSession { $0["_csrf"] }
        try await client.post("/change")
        try await client.post("/change", headers: Self.attack)
        #expect(log.text.contains("missingToken") && log.text.contains("origin"))
        let secretText = try #require(secret).description
        #expect(!log.text.contains(token) && !log.text.contains(secretText))
        #expect(!log.text.contains("attacker"))
    }
}
