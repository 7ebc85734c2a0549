// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import HTTPTypes
import SessionsTesting
import TestSupport
import Testing

@testable import Accounts

/// The example's pages: signing in, one's devices, and signing out (ASVS 7.4.4, 7.5.1, 7.5.2).
@Suite struct AccountsTests {
    private let clock = ManualClock()
    private let app: App

    init() {
        var configuration = SessionConfiguration.flask
        configuration.store = MemoryStore()
        self.app = App(
            secretKey: .forTests, sessions: configuration, crossSite: CrossSitePolicy(tokens: .withoutProof),
            clock: self.clock.sessionClock, logger: LogRecorder().logger)
        addSignInPages(to: self.app)
        addDevicePages(to: self.app)
        addOperatorPages(to: self.app)
    }

    private static func token(in page: TestResponse) throws -> String {
        try #require(formValue(of: "csrf_token", in: page.text))
    }

    /// Fills in the form of a page and sends it.
    @discardableResult
    private func submit(
        _ fields: [(String, String)] = [], of page: String, to target: String, by client: TestClient,
        agent: String = "curl/8.0"
    ) async throws -> TestResponse {
        let token = try Self.token(in: try await client.get(page))
        let body = (fields + [("csrf_token", token)]).map { "\($0)=\($1.replacing(" ", with: "+"))" }.joined(
            separator: "&")
        return try await client.send(
            .post, target, headers: [.contentType: "application/x-www-form-urlencoded", .userAgent: agent],
            body: Array(body.utf8))
    }

    private func signIn(
        _ client: TestClient, as user: String = "ada", password: String = "analytical engine", next: String = "",
        agent: String = "curl/8.0"
    ) async throws -> TestResponse {
        let page = "/sign-in\(next)"
        return try await self.submit(
            [("user", user), ("password", password)], of: page, to: page, by: client, agent: agent)
    }

    private func signedIn(as user: String = "ada", agent: String = "curl/8.0") async throws -> TestClient {
        let password = user == "ada" ? "analytical engine" : "nanosecond of wire"
        let client = try self.app.testClient()
        #expect(try await self.signIn(client, as: user, password: password, agent: agent).status == .found)
        return client
    }

    /// What the forms of the list call the other sessions.
    private func names(_ client: TestClient) async throws -> [String] {
        try await client.get("/devices").text.split(separator: "name=\"device\" value=\"").dropFirst()
            .map { String($0.prefix { $0 != "\"" }) }
    }

    @Test func signingInLeadsBackToThePage() async throws {
        let client = try self.app.testClient()
        let sent = try #require(try await client.get("/devices").location)
        #expect(sent == "/sign-in?next=/devices")
        #expect(try await self.signIn(client, next: "?next=/devices").location == "/devices")
        #expect(try await client.get("/").text.contains("Signed in as ada"))
        let tricked = try self.app.testClient()
        #expect(try await self.signIn(tricked, next: "?next=//attacker.example").location == "/")
    }

    @Test(arguments: [("ada", "wrong"), ("eve", "analytical engine"), ("<b>", "x"), ("", "")])
    func aWrongPasswordSignsNobodyIn(user: String, password: String) async throws {
        let client = try self.app.testClient()
        let page = try await self.signIn(client, as: user, password: password)
        #expect(page.text.contains("There is no such user with that password."))
        #expect(try await client.get("/").text.contains("You are not signed in"))
    }

    @Test(arguments: ["/sign-in", "/again", "/sign-out", "/devices"])
    func aFormWithoutItsTokenIsRefused(target: String) async throws {
        let client = try await self.signedIn()
        for form in [[:], ["csrf_token": "wrong"]] as [KeyValuePairs<String, String>] {
            #expect(try await client.post(target, form: form).status == .forbidden)
        }
        #expect(try await self.app.testClient().post("/sign-in").status == .forbidden)
        #expect(try await client.get("/").text.contains("Signed in as ada"))
    }

    @Test func theListShowsDevicesAndNoIDs() async throws {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        let client = try await self.signedIn(agent: firefox)
        _ = try await self.signedIn()
        _ = try await self.signedIn(as: "grace")
        let page = try await client.get("/devices").text
        #expect(page.contains("Firefox on Linux") && page.contains("<h2>curl"))
        #expect(page.ranges(of: "This device").count == 1)
        #expect(try await self.names(client).count == 1)
        let cookie = try #require(client.cookies.header(host: "localhost", path: "/"))
        let secret = try #require(cookie.split(separator: "=").last)
        #expect(!page.contains(secret))
    }

    @Test func aDeviceIsEnded() async throws {
        let (here, there) = (try await self.signedIn(), try await self.signedIn())
        let name = try #require(try await self.names(here).first)
        // A page with a button has a form with a token.
        _ = try await self.signedIn()
        let answer = try await self.submit([("device", name)], of: "/devices", to: "/devices", by: here)
        #expect(answer.status == .seeOther && answer.location == "/devices")
        #expect(try await there.get("/").text.contains("You are not signed in"))
        #expect(try await here.get("/devices").text.contains("Signed out: curl."))
        try await self.submit([("device", name)], of: "/devices", to: "/devices", by: here)
        #expect(try await here.get("/devices").text.contains("That device was not signed in any more."))
    }

    @Test func anothersDeviceIsNot() async throws {
        let (ada, grace) = (try await self.signedIn(), try await self.signedIn(as: "grace"))
        let session = try #require(try await self.app.sessions.activeSessions(of: "grace").first)
        for name in [session.id.description, String(session.id.description.prefix(8)), ""] {
            try await self.submit([("device", name)], of: "/", to: "/devices", by: ada)
            #expect(try await ada.get("/devices").text.contains("That device was not signed in any more."))
        }
        #expect(try await grace.get("/").text.contains("Signed in as grace"))
    }

    @Test func allOthersAreEnded() async throws {
        let here = try await self.signedIn()
        let (there, elsewhere) = (try await self.signedIn(), try await self.signedIn())
        let grace = try await self.signedIn(as: "grace")
        try await self.submit([("others", "1")], of: "/devices", to: "/devices", by: here)
        #expect(try await here.get("/devices").text.contains("All other devices are signed out."))
        for client in [there, elsewhere] { #expect(try await client.get("/").text.contains("You are not signed in")) }
        #expect(try await grace.get("/").text.contains("Signed in as grace"))
    }

    @Test func thePasswordIsAskedForAgain() async throws {
        let client = try await self.signedIn()
        self.clock.advance(by: .seconds(601))
        #expect(try await client.get("/devices").location == "/again?next=/devices")
        let there = try await self.signedIn()
        // Nothing is done, and the page that the browser is sent to asks for the password.
        let answer = try await self.submit([("others", "1")], of: "/", to: "/devices", by: client)
        #expect(answer.status == .seeOther && answer.location == "/devices")
        #expect(try await there.get("/").text.contains("Signed in as ada"))
        let page = "/again?next=/devices"
        let wrong = try await self.submit([("password", "wrong")], of: page, to: page, by: client)
        #expect(wrong.text.contains("That is not your password."))
        #expect(try await client.get("/devices").status == .found)
        let before = try #require(client.cookies.header(host: "localhost", path: "/"))
        let right = try await self.submit([("password", "analytical engine")], of: page, to: page, by: client)
        #expect(right.location == "/devices")
        #expect(try await client.get("/devices").status == .ok)
        // A cookie from before is worth nothing.
        #expect(try await self.app.testClient().get("/devices", headers: [.cookie: before]).status == .found)
    }

    @Test func guessingIsLimitedAtTheSignInAndTheStepUp() async throws {
        let client = try await self.signedIn()
        let page = "/again?next=/devices"
        for _ in 0..<5 {
            let wrong = try await self.submit([("password", "wrong")], of: page, to: page, by: client)
            #expect(wrong.status == .ok && wrong.text.contains("That is not your password."))
        }
        let right = [("password", "analytical engine")]
        let refused = try await self.submit(right, of: page, to: page, by: client)
        #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "30")
        #expect(refused.headers[.cacheControl] == "no-store")
        #expect(refused.text.contains("Please try again in 30 seconds."))
        // The same limit, and the device that is signed in stays so.
        let other = try self.app.testClient()
        #expect(try await self.signIn(other, as: " ADA").status == .tooManyRequests)
        #expect(try await client.get("/").text.contains("Signed in as ada"))
        self.clock.advance(by: .seconds(30))
        #expect(try await self.submit(right, of: page, to: page, by: client).status == .found)
        #expect(try await self.app.sessions.activeSessions(of: "ada").count == 1)
    }

    @Test func withoutAHandlerTheAnswerIsAPlainPage() async throws {
        let app = App(secretKey: .forTests, sessions: .flask, clock: self.clock.sessionClock)
        let limit = app.signInLimit()
        app.get("/") { request in
            "\(try await limit.attempt(as: "ada", from: request.remoteAddress) { false })"
        }
        let client = try app.testClient()
        for _ in 0..<5 { #expect(try await client.get("/").text == "false") }
        let refused = try await client.get("/")
        #expect(refused.status == .tooManyRequests && refused.headers[.retryAfter] == "30")
        #expect(refused.text.contains("There were too many failed attempts to sign in."))
    }

    @Test func signingOutIsForGood() async throws {
        let client = try await self.signedIn()
        let cookie = try #require(client.cookies.header(host: "localhost", path: "/"))
        let response = try await self.submit(of: "/", to: "/sign-out", by: client)
        let name = try #require(HTTPField.Name(ClearSiteData.fieldName))
        #expect(response.headers[name] == "\"cache\", \"storage\"")
        #expect(client.cookies.names.isEmpty)
        let thief = try await self.app.testClient().get("/", headers: [.cookie: cookie])
        #expect(thief.text.contains("You are not signed in"))
        #expect(try await self.app.sessions.activeSessions(of: "ada").isEmpty)
    }

    @Test func withoutAStoreThereIsNoList() async throws {
        let app = App(secretKey: .forTests, sessions: .flask, crossSite: .off, logger: LogRecorder().logger)
        addSignInPages(to: app)
        addDevicePages(to: app)
        addOperatorPages(to: app)
        let client = try app.testClient()
        try await client.post("/sign-in", form: ["user": "ada", "password": "analytical engine"])
        #expect(try await client.get("/devices").text.contains("keeps no list"))
    }
}
