// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
import TestSupport
import Testing

/// The session around hooks and handlers.
@Suite struct AppSessionTests {
    /// A `;` ends a pair in quotes too: no other cookie may show the session's, nor hide it.
    @Test func aQuotedCookieNeitherShowsNorHidesTheSession() async throws {
        let app = App.forTests(sessions: SessionConfiguration())
        app.get("/sign-in") { request in
            request.session.signIn(as: "ada")
            return "ok"
        }
        app.get("/look") { request in
            Response(text: "\(request.session.user ?? "nobody")|\(request.cookies.get("lang") ?? "none")")
        }
        let client = try app.testClient()
        let cookie = try #require(try await client.get("/sign-in").headers[.setCookie])
        let pair = String(cookie.prefix { $0 != ";" })
        let look = try await client.get("/look", headers: [.cookie: "lang=\"a; \(pair); z=b\""])
        #expect(look.text.hasPrefix("ada|"))
        #expect(!look.text.contains("__Host-session"))
        #expect(!look.text.contains(pair.dropFirst(20)))
    }

    @Test func aChangeByATaskThatOutlivesTheRequestIsTold() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        let (answers, answered) = AsyncStream<Void>.makeStream()
        let (changes, changed) = AsyncStream<Void>.makeStream()
        app.get("/") { request in
            let session = request.session
            Task.detached {
                for await _ in answers { break }
                session["late"] = 1
                changed.finish()
            }
            return "ok"
        }
        #expect(try await app.testClient().get("/").text == "ok")
        #expect(!log.text.contains("a change to a session is lost"))
        answered.finish()
        for await _ in changes {}
        #expect(log.text.contains("a change to a session is lost"))
        #expect(log.text.contains("\"session.key\": late"))
    }

    @Test(arguments: ["/broken", "/stopped", "/missing"])
    func theSessionIsCommittedWhenAHandlerThrows(target: String) async throws {
        let app = App.forTests()
        app.get("/<how>") { request in
            request.session["username"] = "admin"
            switch try request.parameters["how"] {
            case "broken": throw Mishap()
            case "stopped": try abort(403)
            default: return "\(try request.query["page"])"
            }
        }
        let client = try app.testClient()
        #expect(try await client.get(target).status.code >= 400)
        #expect(try await client.withSession { $0["username"] } == "admin")
    }

    @Test func aSessionThatCannotBeStoredIsA500WithoutACookie() async throws {
        let log = LogRecorder()
        let app = App.forTests(log: log)
        app.get("/") { request in
            request.session["never"] = .date(Date(timeIntervalSince1970: 1e15))
            return "ok"
        }
        let response = try await app.testClient().get("/")
        #expect(response.status == .internalServerError)
        #expect(response.headers[.setCookie] == nil)
        #expect(response.headers[.vary] == "Cookie")
        #expect(log.text.contains("a date outside the years 1 to 9999 cannot be stored in a session"))
    }

    @Test func theSessionsCookieIsNotAmongTheRequestsCookies() async throws {
        let app = App.forTests()
        app.get("/in") { request in
            request.session["username"] = "admin"
            return "ok"
        }
        app.get("/") { request in
            "\(request.cookies.names.joined(separator: ",")) \(request.session["username"])"
        }
        let client = try app.testClient()
        try await client.get("/in")
        client.cookies.store("theme=dark")
        client.cookies.store("sessions=x")
        #expect(try await client.get("/").text == "theme,sessions admin")
    }

    @Test func aStaleCookieDoesNotHideTheVisitorsSession() async throws {
        let app = App.forTests()
        app.get("/in") { request in
            request.session["username"] = "admin"
            return "ok"
        }
        app.get("/app/") { request in "\(request.session["username"])" }
        let client = try app.testClient()
        try await client.get("/in")
        // One of a longer path, from before the key changed.
        client.cookies.store("session=eyJ1c2VybmFtZSI6ImV2ZSJ9.ZVPxAA.AAAAAAAAAAAAAAAAAAAAAAAAAAA; Path=/app")
        #expect(try await client.get("/app/").text == "admin")
    }

    @Test func lookingAtTheSessionMakesTheResponseVary() async throws {
        let app = App.forTests()
        app.get("/look") { request in "\(request.session.isEmpty)" }
        app.get("/pass") { _ in "ok" }
        let client = try app.testClient()
        #expect(try await client.get("/look").headers[.vary] == "Cookie")
        #expect(try await client.get("/pass").headers[.vary] == nil)
    }

    @Test func theDefaultConfigurationForbidsCachingOfWhatSetsACookie() async throws {
        let app = App(secretKey: .forTests, logger: LogRecorder().logger)
        app.get("/") { request in
            request.session["x"] = 1
            return "ok"
        }
        let response = try await app.testClient().get("/")
        #expect(response.headers[.cacheControl] == "no-store")
        let cookie = try #require(response.headers[.setCookie])
        #expect(cookie.hasPrefix("__Host-session="))
        #expect(cookie.hasSuffix("; Secure; HttpOnly; Path=/; SameSite=Lax"))
    }
}
