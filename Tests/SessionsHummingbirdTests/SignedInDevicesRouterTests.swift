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

/// The page of a user's devices on Hummingbird's router, with no other protection than its own.
@Suite struct SignedInDevicesRouterTests {
    private let clock = ManualClock()
    private let sessions: SessionManager
    private let router = Router(context: BasicSessionRequestContext.self)

    init() throws {
        self.sessions = try SessionManager(
            keys: "a key for tests, of more than 32 bytes", configuration: .stored(in: MemoryStore()),
            clock: self.clock.sessionClock)
        self.router.add(middleware: SessionMiddleware(self.sessions))
        self.router.get("/sign-in") { _, context in
            try await context.session.signIn(as: "ada")
            return "ok"
        }
        self.router.get("/user") { _, context in try await context.session.user ?? "nobody" }
        self.router.addSignedInDevices(SignedInDevices(self.sessions), at: "account/devices")
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

    private func signedIn() async throws -> String {
        let cookie = try #require(try await self.response(to: "/sign-in").headers[.setCookie])
        return String(cookie.prefix { $0 != ";" })
    }

    private func value(of field: String, in page: TestResponse) throws -> String {
        try #require(formValue(of: field, in: String(buffer: page.body)))
    }

    private func user(_ cookie: String) async throws -> String {
        String(buffer: try await self.response(to: "/user", cookie: cookie).body)
    }

    @Test func aDeviceIsEndedWithThePagesForm() async throws {
        let (here, there) = (try await self.signedIn(), try await self.signedIn())
        let page = try await self.response(to: "/account/devices", cookie: here)
        #expect(page.status == .ok)
        #expect(page.headers[values: .cacheControl] == ["no-store"])
        let form = """
            csrf_token=\(try self.value(of: "csrf_token", in: page))&device=\(try self.value(of: "device", in: page))
            """
        let answer = try await self.response(to: "/account/devices", method: .post, cookie: here, form: form)
        #expect(answer.status == .seeOther && answer.headers[.location] == "./devices")
        #expect(try await self.user(there) == "nobody")
        #expect(try await self.user(here) == "ada")
        let after = try await self.response(to: "/account/devices", cookie: here)
        #expect(String(buffer: after.body).contains("role=\"status\">Signed out:"))
    }

    @Test func aFormWithoutAGoodTokenIsRefused() async throws {
        let (here, there) = (try await self.signedIn(), try await self.signedIn())
        for form in ["others=1", "others=1&csrf_token=", "others=1&csrf_token=wrong"] {
            let answer = try await self.response(to: "/account/devices", method: .post, cookie: here, form: form)
            #expect(answer.status == .forbidden)
        }
        #expect(try await self.user(there) == "ada")
    }

    @Test func aFormThatIsNoneOrTooLargeIsRefused() async throws {
        let here = try await self.signedIn()
        for (form, status) in [
            (String(repeating: "a", count: 20_000), HTTPResponse.Status.contentTooLarge), ("%zz=%", .badRequest),
            ("others=1&others=2", .badRequest), ("device[a]=b", .badRequest),
        ] {
            let answer = try await self.response(to: "/account/devices", method: .post, cookie: here, form: form)
            #expect(answer.status == status)
        }
    }

    @Test func onlyARecentSignInShowsIt() async throws {
        let cookie = try await self.signedIn()
        #expect(try await self.response(to: "/account/devices").status == .unauthorized)
        self.clock.advance(by: .seconds(601))
        let answer = try await self.response(to: "/account/devices", cookie: cookie)
        #expect(answer.status == .unauthorized)
        #expect(answer.headers[.wwwAuthenticate]?.contains("insufficient_user_authentication") == true)
    }

    @Test(arguments: [
        "//account/devices", "///account/devices", "//attacker.example/devices", "/\\attacker.example/devices",
    ])
    func slashesInFrontLeadToNoOtherHost(path: String) async throws {
        self.router.addSignedInDevices(SignedInDevices(self.sessions), at: ":area/devices")
        let page = String(
            buffer: try await self.response(to: path, cookie: try await self.signedIn()).body)
        #expect(page.contains("href=\"./devices/style.css\""))
        #expect(!page.contains("attacker"))
        let answer = try await self.response(to: path, method: .post, form: "others=1")
        #expect(answer.headers[.location] == "./devices")
    }

    @Test func theStyleSheetNeedsNoSession() async throws {
        let style = try await self.response(to: "/account/devices/style.css", cookie: "session=junk")
        #expect(style.status == .ok)
        #expect(style.headers[.contentType] == "text/css; charset=utf-8")
        #expect(style.headers[.setCookie] == nil && style.headers[.vary] == nil)
    }
}
