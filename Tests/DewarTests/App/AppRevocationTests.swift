// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import HTTPTypes
import TestSupport
import Testing

/// The tutorial's sign-in and sign-out, with sealed cookies.
@Suite struct AppRevocationTests {
    private static func app(_ sessions: SessionConfiguration = SessionConfiguration()) -> App {
        let app = App.forTests(sessions: sessions)
        app.get("/") { request in
            guard let username = request.session["username"] else { return "nobody" }
            return "\(username)"
        }
        app.post("/login") { request in
            request.session["username"] = "admin"
            return "ok"
        }
        app.get("/logout") { request in
            request.session.pop("username")
            return "ok"
        }
        return app
    }

    /// What somebody with a copy of the cookie sees after the visitor has signed out.
    private static func afterLogout(_ app: App) async throws -> String {
        let client = try app.testClient()
        let setCookie = try #require(try await client.post("/login").headers[.setCookie])
        let cookie = String(setCookie.prefix { $0 != ";" })
        #expect(try await client.get("/", headers: [.cookie: cookie]).text == "admin")
        let deletion = try await client.get("/logout", headers: [.cookie: cookie]).headers[.setCookie]
        #expect(deletion?.contains("Max-Age=0") == true)
        return try await client.get("/", headers: [.cookie: cookie]).text
    }

    @Test func aCopiedCookieIsDeadAfterTheTutorialsLogout() async throws {
        #expect(try await Self.afterLogout(Self.app()) == "nobody")
    }

    @Test func theListCanBeLeftOut() async throws {
        var sessions = SessionConfiguration()
        sessions.revocations = .off
        #expect(try await Self.afterLogout(Self.app(sessions)) == "admin")
    }

    @Test func formatsWithoutAnIDAndStoresGetNone() async throws {
        #expect(try await Self.afterLogout(Self.app(.flask)) == "admin")
        _ = try App.forTests(sessions: .stored(in: MemoryStore())).testClient()
    }
}
