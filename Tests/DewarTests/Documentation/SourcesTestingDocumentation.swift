// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Sessions
import SessionsTesting
import Testing

/// Sources: DewarTesting/TestClient.swift
func testClientComment(app: App) async throws {
    let client = try app.testClient()
    try await client.post("/login", form: ["username": "admin"])
    let page = try await client.get("/")
    #expect(page.text.contains("Logged in as admin"))
}

/// Sources: DewarTesting/TestClient.swift
func withSessionComment(client: TestClient) async throws {
    try await client.withSession { $0["username"] = "admin" }
}

/// Sources: SessionsTesting/Tools/ManualClock.swift
func manualClockComment(keys: SecretKeys) throws -> SessionManager {
    let clock = ManualClock()
    let sessions = try SessionManager(keys: keys, clock: clock.sessionClock)
    clock.advance(by: .seconds(3600))
    return sessions
}

/// Sources: SessionsTesting/Tools/CookieJar.swift
func cookieJarComment() -> String? {
    var jar = CookieJar()
    jar.store("session=abc; HttpOnly; Path=/")
    let header = jar.header()  // "session=abc"
    return header
}
