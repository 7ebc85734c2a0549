// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

/// The README's adapter for any server keeps what it promises.
@Suite struct AdapterDocumentationTests {
    private static func adapter() throws -> SessionAdapter {
        SessionAdapter(sessions: try SessionManager(keys: "a key for the adapter, long enough", configuration: .flask))
    }

    private static func cookie(_ response: ServerResponse) -> String? {
        response.headers.first { $0.name == "Set-Cookie" }?.value
    }

    @Test func aSessionComesBackWithItsCookie() async throws {
        let adapter = try Self.adapter()
        let first = try await adapter.respond(to: ServerRequest()) { _, session in
            session["username"] = "admin"
            return ServerResponse(headers: [("vary", "Accept")])
        }
        let cookie = try #require(Self.cookie(first)?.split(separator: ";").first)
        #expect(first.headers.contains { $0 == ("Vary", "Accept, Cookie") })
        let second = try await adapter.respond(to: ServerRequest(headers: [("cookie", String(cookie))])) { _, session in
            ServerResponse(body: "\(session["username"] ?? "nobody")")
        }
        #expect(second.body == "admin")
    }

    @Test func aHandlerThatThrowsHasItsSessionKept() async throws {
        let response = try await Self.adapter().respond(to: ServerRequest()) { _, session in
            session["username"] = "admin"
            throw Mishap()
        }
        #expect(response.status == 500)
        #expect(Self.cookie(response) != nil)
    }
}
