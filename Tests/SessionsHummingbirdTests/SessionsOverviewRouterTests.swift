// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Sessions
import SessionsHummingbird
import SessionsPages
import SessionsTesting
import TestSupport
import Testing

/// The operator's page on Hummingbird's router, with no other protection than its own.
@Suite struct SessionsOverviewRouterTests {
    private let clock = ManualClock()
    private let sessions: SessionManager
    private let router = Router(context: BasicSessionRequestContext.self)

    init() throws {
        self.sessions = try SessionManager(
            keys: "a key for tests, of more than 32 bytes", configuration: .stored(in: MemoryStore()),
            clock: self.clock.sessionClock)
        self.router.add(middleware: SessionMiddleware(self.sessions))
        self.router.get("/sign-in") { request, context in
            try await context.session.signIn(as: request.uri.query ?? "")
            return "ok"
        }
        self.router.get("/user") { _, context in try await context.session.user ?? "nobody" }
        self.router.addSessionsOverview(
            SessionsOverview(self.sessions, allowing: { $0.user == "ada" }), at: "admin/sessions")
    }

    private func response(
        to path: String, method: HTTPRequest.Method = .get, cookie: String? = nil, form: String = ""
    ) async throws -> TestResponse {
        try await Application(router: self.router).test(.router) { client in
            var headers: HTTPFields = method == .post ? [.contentType: "application/x-www-form-urlencoded"] : [:]
            headers[.cookie] = cookie
            return try await client.execute(
                uri: path, method: method, headers: headers, body: ByteBuffer(string: form)
            ) { $0 }
        }
    }

    private func signedIn(as user: String) async throws -> String {
        let cookie = try #require(try await self.response(to: "/sign-in?\(user)").headers[.setCookie])
        return String(cookie.prefix { $0 != ";" })
    }

    private func value(of field: String, in page: TestResponse) throws -> String {
        try #require(formValue(of: field, in: String(buffer: page.body)))
    }

    private func user(_ cookie: String) async throws -> String {
        String(buffer: try await self.response(to: "/user", cookie: cookie).body)
    }

    @Test func aSessionIsFoundAndEnded() async throws {
        let (ada, grace) = (try await self.signedIn(as: "ada"), try await self.signedIn(as: "gr+ce"))
        let page = try await self.response(to: "/admin/sessions?user=gr%2Bce", cookie: ada)
        #expect(page.status == .ok && page.headers[values: .cacheControl] == ["no-store"])
        #expect(String(buffer: page.body).contains("Sessions of gr+ce"))
        let token = try self.value(of: "csrf_token", in: page)
        let form = "csrf_token=\(token)&user=gr%2Bce&session=\(try self.value(of: "session", in: page))"
        let answer = try await self.response(to: "/admin/sessions", method: .post, cookie: ada, form: form)
        #expect(answer.status == .seeOther && answer.headers[.location] == "./sessions?user=gr%2Bce")
        #expect(try await self.user(grace) == "nobody")
        let after = try await self.response(to: "/admin/sessions", cookie: ada)
        #expect(String(buffer: after.body).contains("role=\"status\">Ended: the session of gr+ce"))
    }

    @Test func onlyAnOperatorWithARecentSignInSeesIt() async throws {
        let (ada, grace) = (try await self.signedIn(as: "ada"), try await self.signedIn(as: "grace"))
        #expect(try await self.response(to: "/admin/sessions").status == .unauthorized)
        #expect(try await self.response(to: "/admin/sessions", cookie: grace).status == .forbidden)
        self.clock.advance(by: .seconds(601))
        let stale = try await self.response(to: "/admin/sessions", cookie: ada)
        #expect(stale.status == .unauthorized)
        #expect(stale.headers[.wwwAuthenticate]?.contains("insufficient_user_authentication") == true)
        #expect(try await self.response(to: "/admin/sessions", cookie: grace).status == .forbidden)
    }

    @Test func aFormWithoutAGoodTokenOrAnOperatorIsRefused() async throws {
        let (ada, grace) = (try await self.signedIn(as: "ada"), try await self.signedIn(as: "grace"))
        for (cookie, form) in [(ada, "everybody=1"), (ada, "everybody=1&csrf_token=wrong"), (grace, "everybody=1")] {
            let answer = try await self.response(to: "/admin/sessions", method: .post, cookie: cookie, form: form)
            #expect(answer.status == .forbidden)
        }
        #expect(try await self.user(grace) == "grace")
    }

    @Test func aSpaceComesAsBrowsersSendIt() async throws {
        let ada = try await self.signedIn(as: "ada")
        let page = try await self.response(to: "/admin/sessions?user=ada+lovelace&over=day", cookie: ada)
        #expect(String(buffer: page.body).contains("Sessions of ada lovelace"))
    }

    @Test(arguments: ["?user=%zz", "?user=a&user=b"])
    func aQueryThatIsNoneIsABadRequest(query: String) async throws {
        let ada = try await self.signedIn(as: "ada")
        #expect(try await self.response(to: "/admin/sessions\(query)", cookie: ada).status == .badRequest)
    }

    @Test func theStyleSheetNeedsNoSession() async throws {
        let style = try await self.response(to: "/admin/sessions/style.css", cookie: "session=junk")
        #expect(style.status == .ok && style.headers[.contentType] == "text/css; charset=utf-8")
        #expect(style.headers[.setCookie] == nil && style.headers[.vary] == nil)
    }
}
