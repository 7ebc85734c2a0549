// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Testing

/// README: docs/TESTING-APPS.md.
@Test func aVisitorIsSignedInForAMonth() async throws {
    let clock = ManualClock()
    let app = App(secretKey: "any random string", sessions: .flask, clock: clock.sessionClock)
    app.get("/") { request in "Logged in as \(request.session["username"] ?? "nobody")" }

    let client = try app.testClient()
    try await client.withSession { session in
        session["username"] = "admin"
        session.isPermanent = true
    }
    #expect(try await client.get("/").text == "Logged in as admin")

    clock.advance(by: .seconds(32 * 24 * 60 * 60))
    #expect(try await client.get("/").text == "Logged in as nobody")
}
