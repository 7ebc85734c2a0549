// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import TestSupport
import Testing

/// After a sign-out the browser's Back button must not show what was for the user alone.
@Suite struct PrivatePageTests {
    private static func client() async throws -> TestClient {
        let app = App.forTests()
        app.get("/open") { request in "hello \(request.session.user)" }
        app.get("/settings", handler: requireSignedIn { _ in "settings" })
        app.get("/password", handler: requireFresh(within: .seconds(600)) { _ in "password" })
        app.get("/within") { request in
            try request.session.requireSignedIn()
            return "within"
        }
        app.get("/missing", handler: requireSignedIn { _ in try abort(404) })
        app.get("/broken", handler: requireSignedIn { _ in throw Mishap() })
        app.get(
            "/written",
            handler: requireSignedIn { request in
                request.session["seen"] = true
                return "written"
            })
        app.get(
            "/kept",
            handler: requireSignedIn { _ in
                var response: Response = "kept"
                response.headers[.cacheControl] = "private, max-age=60"
                return response
            })
        let client = try app.testClient()
        try await client.withSession { $0.signIn(as: "ada") }
        return client
    }

    @Test(arguments: ["/settings", "/password", "/within", "/missing", "/broken", "/written"])
    func noCacheKeepsAPageForTheUserAlone(path: String) async throws {
        let client = try await Self.client()
        #expect(try await client.get(path).headers[values: .cacheControl] == ["no-store"])
        #expect(try await client.send(.head, path).headers[values: .cacheControl] == ["no-store"])
    }

    @Test func aHandlerMaySayOtherwise() async throws {
        #expect(try await Self.client().get("/kept").headers[values: .cacheControl] == ["private, max-age=60"])
    }

    @Test func aPageForAllIsLeftAlone() async throws {
        #expect(try await Self.client().get("/open").headers[.cacheControl] == nil)
    }
}
