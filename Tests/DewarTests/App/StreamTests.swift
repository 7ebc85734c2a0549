// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import HummingbirdCore
import NIOCore
import Testing

/// Bodies that are written while they are sent.
@Suite struct StreamTests {
    @Test func aStreamIsWrittenAfterTheSessionIsCommitted() async throws {
        let app = App.forTests()
        app.get("/stream") { request in
            request.session["username"] = "admin"
            return Dewar.Response(
                body: .stream(
                    ResponseBody { writer in
                        for line in ["one\n", "two\n"] { try await writer.write(ByteBuffer(string: line)) }
                        try await writer.finish(nil)
                    }))
        }
        let client = try app.testClient()
        let response = try await client.get("/stream")
        #expect(response.text == "one\ntwo\n")
        #expect(response.headers[.contentLength] == nil)
        #expect(client.cookies.names == ["session"])
    }

    @Test func headOfAStreamClaimsNoLength() async throws {
        let app = App.forTests()
        app.get("/stream") { _ in
            Dewar.Response(body: .stream(ResponseBody { writer in try await writer.finish(nil) }))
        }
        let response = try await app.testClient().send(.head, "/stream")
        #expect(response.body.isEmpty)
        #expect(response.headers[.contentLength] == nil)
    }
}
