// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import SessionsHummingbird
import SessionsTesting
import Testing

/// Routes for those who are signed in, and for those who have proved it lately.
@Suite struct RequireSignedInTests {
    private let clock = ManualClock()

    private func router() throws -> Router<BasicSessionRequestContext> {
        let sessions = try SessionManager(
            keys: "a key for tests", configuration: .flask, clock: self.clock.sessionClock)
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: SessionMiddleware(sessions))
        router.get("/sign-in") { _, context in
            try await context.session.signIn(as: "ada")
            return "ok"
        }
        router.get("/sign-out") { _, context in
            try await context.session.signOut()
            var response = Response(status: .ok)
            response.headers.clearSiteData()
            return response
        }
        router.get("/handler") { _, context in try await context.session.requireSignedIn() }
        router.group("account").add(middleware: RequireSignedIn())
            .get { _, context in try await context.session.user ?? "nobody" }
        router.group("password").add(middleware: RequireSignedIn(within: .seconds(600))).get { _, _ in "form" }
        router.group("kept").add(middleware: RequireSignedIn())
            .get { _, _ in Response(status: .ok, headers: [.cacheControl: "private, max-age=60"]) }
        return router
    }

    private func response(to path: String, cookie: String? = nil) async throws -> TestResponse {
        try await Application(router: try self.router()).test(.router) { client in
            try await client.execute(
                uri: path, method: .get, headers: cookie.map { [.cookie: $0] } ?? HTTPFields()
            ) { $0 }
        }
    }

    private func signedIn() async throws -> String {
        let cookie = try #require(try await self.response(to: "/sign-in").headers[.setCookie])
        return String(cookie.prefix { $0 != ";" })
    }

    @Test(arguments: ["/account", "/password", "/handler"])
    func aStrangerIsAnswered401(path: String) async throws {
        for cookie in [nil, "session=junk"] {
            let response = try await self.response(to: path, cookie: cookie)
            #expect(response.status == .unauthorized)
            #expect(response.headers[.wwwAuthenticate] == "Cookie realm=\"session\"")
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(response.headers[.vary] == "Cookie")
            #expect(String(buffer: response.body).contains("Please sign in first."))
            #expect(!String(buffer: response.body).contains("junk"))
        }
    }

    @Test(arguments: [("/account", "ada"), ("/password", "form"), ("/handler", "ada")])
    func whoIsSignedInPasses(path: String, text: String) async throws {
        let response = try await self.response(to: path, cookie: try await self.signedIn())
        #expect(response.status == .ok)
        #expect(String(buffer: response.body) == text)
        #expect(response.headers[values: .cacheControl] == ["no-store"])
    }

    @Test func aHandlerMayLetItsPageBeKept() async throws {
        let response = try await self.response(to: "/kept", cookie: try await self.signedIn())
        #expect(response.headers[values: .cacheControl] == ["private, max-age=60"])
    }

    @Test func aSignInOfLongAgoIsNotEnoughForAStepUp() async throws {
        let cookie = try await self.signedIn()
        self.clock.advance(by: .seconds(599))
        #expect(try await self.response(to: "/password", cookie: cookie).status == .ok)
        self.clock.advance(by: .seconds(2))
        let response = try await self.response(to: "/password", cookie: cookie)
        #expect(response.status == .unauthorized)
        #expect(
            response.headers[.wwwAuthenticate]
                == "Cookie realm=\"session\", error=\"insufficient_user_authentication\"")
        #expect(!String(buffer: response.body).contains("ada"))
        #expect(try await self.response(to: "/account", cookie: cookie).status == .ok)
    }

    @Test func aSignOutEndsItAndAsksTheBrowserToForget() async throws {
        let response = try await self.response(to: "/sign-out", cookie: try await self.signedIn())
        let name = try #require(HTTPField.Name("Clear-Site-Data"))
        #expect(response.headers[name] == "\"cache\", \"storage\"")
        #expect(response.headers[.setCookie]?.contains("Max-Age=0") == true)
    }

    @Test func withoutASessionMiddlewareItIsA500() async throws {
        let middleware = RequireSignedIn<BasicSessionRequestContext>()
        let error = await #expect(throws: SessionError.self) {
            try await middleware.handle(.test, context: .test) { _, _ in Response(status: .ok) }
        }
        #expect(error?.kind == .missingMiddleware)
    }
}
