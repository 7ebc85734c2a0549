// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import SessionsTesting
import TestSupport
import Testing

/// The client that tests use in place of a browser.
@Suite struct TestClientTests {
    private static func app() -> App {
        let app = App.forTests()
        app.get("/set") { request in
            request.session["username"] = request.query.get("name").map { .string($0) } ?? "admin"
            return "set"
        }
        app.get("/get") { request in "\(request.session["username"] ?? "nobody")" }
        app.get("/clear") { request in
            request.session.removeAll()
            return "cleared"
        }
        return app
    }

    @Test func cookiesAreKeptFromOneRequestToTheNext() async throws {
        let client = try Self.app().testClient()
        #expect(try await client.get("/get").text == "nobody")
        try await client.get("/set?name=J%C3%BCrg")
        #expect(try await client.get("/get").text == "Jürg")
        #expect(client.cookies.names == ["session"])
    }

    @Test func aDeletedCookieIsGone() async throws {
        let client = try Self.app().testClient()
        try await client.get("/set")
        try await client.get("/clear")
        #expect(client.cookies.names.isEmpty)
        #expect(try await client.get("/get").text == "nobody")
    }

    @Test func twoClientsAreTwoVisitors() async throws {
        let app = Self.app()
        let first = try app.testClient()
        try await first.get("/set")
        #expect(try await app.testClient().get("/get").text == "nobody")
    }

    @Test func aCookieGoesToItsPathAlone() async throws {
        let app = App.forTests()
        app.get("/a/set") { _ in
            var response: Response = "set"
            try response.setCookie(SetCookie(name: "inner", value: "1", path: "/a"))
            return response
        }
        app.get("/a/get") { request in "\(request.cookies.get("inner"))" }
        app.get("/b") { request in "\(request.cookies.get("inner"))" }
        let client = try app.testClient()
        try await client.get("/a/set")
        #expect(try await client.get("/a/get").text == "1")
        #expect(try await client.get("/b").text == "")
    }

    @Test func aCookieFieldOfTheRequestReplacesTheClients() async throws {
        let client = try Self.app().testClient()
        try await client.get("/set")
        #expect(try await client.get("/get", headers: [.cookie: "other=1"]).text == "nobody")
        #expect(try await client.get("/get").text == "admin")
    }

    @Test func theSessionCanBeReadAndWrittenBetweenRequests() async throws {
        let client = try Self.app().testClient()
        try await client.withSession { $0["username"] = "eve" }
        #expect(try await client.get("/get").text == "eve")
        try await client.get("/set")
        let username: String? = try await client.withSession { $0["username"] }
        #expect(username == "admin")
    }

    @Test func aSessionThatIsOnlyReadSendsNothing() async throws {
        let client = try Self.app().testClient()
        let isEmpty = try await client.withSession { $0.isEmpty }
        #expect(isEmpty)
        #expect(client.cookies.names.isEmpty)
    }

    @Test func anEmptiedSessionTakesTheCookieAway() async throws {
        let client = try Self.app().testClient()
        try await client.get("/set")
        try await client.withSession { $0.removeAll() }
        #expect(client.cookies.names.isEmpty)
    }

    @Test func whatTheClosureThrowsComesOutAndNothingIsSaved() async throws {
        let client = try Self.app().testClient()
        await #expect(throws: Mishap.self) {
            try await client.withSession { session in
                session["username"] = "eve"
                throw Mishap()
            }
        }
        #expect(try await client.get("/get").text == "nobody")
    }

    @Test func redirectsAreNotFollowed() async throws {
        let app = Self.app()
        app.get("/away") { _ in redirect("/get") }
        let response = try await app.testClient().get("/away")
        #expect(response.status == .found)
        #expect(response.location == "/get")
    }

    @Test func secureSessionsWorkWithoutTLS() async throws {
        let app = App(secretKey: .forTests, logger: LogRecorder().logger)
        app.get("/get") { request in "\(request.session["username"])" }
        let client = try app.testClient()
        try await client.withSession { $0["username"] = "admin" }
        #expect(client.cookies.names == ["__Host-session"])
        #expect(try await client.get("/get").text == "admin")
    }

    @Test func aManualClockEndsASession() async throws {
        let clock = ManualClock()
        let app = App(secretKey: .forTests, clock: clock.sessionClock, logger: LogRecorder().logger)
        app.get("/get") { request in "\(request.session["username"] ?? "nobody")" }
        let client = try app.testClient()
        try await client.withSession { $0["username"] = "admin" }
        clock.advance(by: .seconds(3600))
        #expect(try await client.get("/get").text == "admin")
        clock.advance(by: .seconds(3601))
        #expect(try await client.get("/get").text == "nobody")
    }
}
