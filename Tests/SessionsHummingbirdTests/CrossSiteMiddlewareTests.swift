// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Sessions
import SessionsHummingbird
import Testing

/// The middleware in front of a route that changes something.
@Suite struct CrossSiteMiddlewareTests {
    private static let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded; charset=utf-8"]

    private static func router(
        _ policy: CrossSitePolicy = CrossSitePolicy(), maximumForm: Int = 1 << 20, sessions: Bool = true
    ) throws -> Router<BasicSessionRequestContext> {
        let router = Router(context: BasicSessionRequestContext.self)
        if sessions {
            router.add(
                middleware: SessionMiddleware(
                    try SessionManager(keys: "a key for tests", configuration: .flask)))
        }
        router.add(middleware: try CrossSiteMiddleware(policy, maximumForm: maximumForm))
        router.get("/form") { _, context in try await context.session.csrfToken }
        router.get("/page") { _, _ in "page" }
        router.post("/**") { request, _ in
            String(buffer: try await request.body.collect(upTo: 1 << 20))
        }
        return router
    }

    /// What a client is answered that sends this.
    private static func post(
        _ router: Router<BasicSessionRequestContext>, _ headers: HTTPFields = [:], body: String = "",
        path: String = "/x"
    ) async throws -> TestResponse {
        try await Application(router: router).test(.router) { client in
            try await client.execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: body)) { $0 }
        }
    }

    private static func page(_ router: Router<BasicSessionRequestContext>) async throws -> (
        token: String, cookie: String
    ) {
        let response = try await Application(router: router).test(.router) { client in
            try await client.execute(uri: "/form", method: .get) { $0 }
        }
        let cookie = try #require(response.headers[.setCookie]).prefix { $0 != ";" }
        return (String(buffer: response.body), String(cookie))
    }

    private static func fields(_ pairs: KeyValuePairs<String, String>) throws -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in pairs { fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value)) }
        return fields
    }

    @Test(
        arguments: [
            (["Sec-Fetch-Site": "cross-site"], 403), (["Sec-Fetch-Site": "same-site"], 403),
            (["Sec-Fetch-Site": "none"], 200),
            (["Sec-Fetch-Site": "same-origin"], 200), (["Origin": "null"], 403),
            (["Origin": "https://attacker.example"], 403),
            (["Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"], 403), ([:], 200),
        ] as [(KeyValuePairs<String, String>, Int)])
    func requestsOfOtherSitesAreRefused(headers: KeyValuePairs<String, String>, status: Int) async throws {
        let response = try await Self.post(try Self.router(), try Self.fields(headers))
        #expect(response.status.code == status)
        if status == 403 { #expect(String(buffer: response.body).contains("Nothing was done")) }
    }

    @Test func aTrustedOriginAndAnExemptPathPass() async throws {
        let router = try Self.router(CrossSitePolicy(trustedOrigins: ["https://pay.example"], exemptPaths: ["/hook"]))
        #expect(try await Self.post(router, [.origin: "https://pay.example"]).status == .ok)
        #expect(try await Self.post(router, [.origin: "https://else.example"]).status == .forbidden)
        #expect(try await Self.post(router, [.origin: "https://else.example"], path: "/hook?x=/..").status == .ok)
        #expect(try await Self.post(router, [.origin: "https://else.example"], path: "/hooks").status == .forbidden)
    }

    @Test func anUnprovenRequestNeedsTheTokenOnceOneWasGiven() async throws {
        let router = try Self.router()
        let (token, cookie) = try await Self.page(router)
        #expect(try await Self.post(router, [.cookie: cookie]).status == .forbidden)
        var headers = try Self.fields(["X-CSRF-Token": token])
        headers[.cookie] = cookie
        #expect(try await Self.post(router, headers).status == .ok)
        #expect(
            try await Self.post(router, try Self.fields(["Sec-Fetch-Site": "same-origin", "Cookie": cookie])).status
                == .ok)
        let (foreign, _) = try await Self.page(router)
        #expect(
            try await Self.post(router, try Self.fields(["X-CSRF-Token": foreign, "Cookie": cookie])).status
                == .forbidden)
    }

    @Test func theTokenOfAFormIsFoundAndTheBodyIsStillThere() async throws {
        let router = try Self.router()
        let (token, cookie) = try await Self.page(router)
        var headers = Self.form
        headers[.cookie] = cookie
        for body in ["csrf_token=\(token)", "a=1&csrf_token=\(token)&b=2"] {
            let response = try await Self.post(router, headers, body: body)
            #expect(response.status == .ok)
            #expect(String(buffer: response.body) == body)
        }
        for body in ["", "a=1", "csrf_token=", "xcsrf_token=\(token)", "csrf_token=\(token)x", "a=csrf_token=\(token)"]
        {
            #expect(try await Self.post(router, headers, body: body).status == .forbidden, "\(body)")
        }
    }

    @Test func aFormThatIsTooLargeIsNotRead() async throws {
        let router = try Self.router(maximumForm: 100)
        let (token, cookie) = try await Self.page(router)
        var headers = Self.form
        headers[.cookie] = cookie
        let body = "csrf_token=\(token)&a=" + String(repeating: "x", count: 200)
        #expect(try await Self.post(router, headers, body: body).status == .contentTooLarge)
    }

    @Test func aMissingSessionMiddlewareIsAnErrorWhereATokenCountsOnly() async throws {
        #expect(try await Self.post(try Self.router(sessions: false)).status == .internalServerError)
        #expect(try await Self.post(try Self.router(CrossSitePolicy(tokens: .never), sessions: false)).status == .ok)
        #expect(
            try await Self.post(try Self.router(sessions: false), [.origin: "https://attacker.example"]).status
                == .forbidden)
    }

    @Test func aPageWithoutAFormBeginsNoSession() async throws {
        let response = try await Application(router: try Self.router()).test(.router) { client in
            try await client.execute(uri: "/page", method: .get) { $0 }
        }
        #expect(response.headers[.setCookie] == nil)
        #expect(response.headers[.vary] == nil)
    }

    @Test func aMistakeInThePolicyStopsTheStart() {
        #expect(throws: SessionError.self) { try Self.router(CrossSitePolicy(trustedOrigins: ["pay.example"])) }
    }
}
