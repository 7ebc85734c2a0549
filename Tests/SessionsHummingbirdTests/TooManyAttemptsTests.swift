// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import SessionsHummingbird
import SessionsSignIn
import SessionsTesting
import Testing

/// Too many attempts to sign in, in plain Hummingbird.
@Suite struct TooManyAttemptsTests {
    @Test func theAnswerIs429WithTheTimeToWait() async throws {
        let clock = ManualClock()
        let sessions = try SessionManager(
            keys: "a key for tests", configuration: .flask, clock: clock.sessionClock)
        let limit = SignInLimit(sessions)
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: SessionMiddleware(sessions))
        router.get("/") { _, _ in
            try await limit.attempt(as: "ada", from: nil) { false } ? "right" : "wrong"
        }
        try await Application(router: router).test(.router) { client in
            for _ in 0..<5 {
                try await client.execute(uri: "/", method: .get) { #expect(String(buffer: $0.body) == "wrong") }
            }
            clock.advance(by: .milliseconds(500))
            try await client.execute(uri: "/", method: .get) { response in
                #expect(response.status == .tooManyRequests)
                #expect(response.headers[.retryAfter] == "30" && response.headers[.cacheControl] == "no-store")
                #expect(String(buffer: response.body).contains("Please try again in 30 seconds."))
            }
        }
    }
}
