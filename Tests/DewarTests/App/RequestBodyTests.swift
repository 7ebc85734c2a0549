// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Dewar
@testable import DewarTesting

/// Bodies that are cut off, come too late, or are more than is taken.
@Suite(.timeLimit(.minutes(1))) struct RequestBodyTests {
    /// The answer to a POST whose body is what the closure gives to it.
    private static func answer(
        to body: RequestBody, headers: HTTPFields = HTTPFields(), handler: @escaping App.Handler
    ) async throws -> HummingbirdCore.Response {
        let app = App.forTests()
        app.post("/", handler: handler)
        app.errorHandler(408) { _, _ in Dewar.Response("in vain", status: .requestTimeout) }
        let head = HTTPRequest(
            method: .post, scheme: "http", authority: "localhost", path: "/", headerFields: headers)
        return try await app.responder().respond(
            to: HummingbirdCore.Request(head: head, body: body), context: AppRequestContext(logger: app.logger))
    }

    private static func text(_ response: HummingbirdCore.Response) async throws -> String {
        String(decoding: try await BodyCollector.bytes(of: response.body), as: UTF8.self)
    }

    @Test func aBodyIsGivenUpWithTheTaskThatAsksForIt() async throws {
        let (body, source) = RequestBody.makeStream()
        await source.yield(ByteBuffer(string: "half"))
        let response = try await Self.answer(to: body) { request in
            for ask in [{ try await request.body.count }, { try await request.form.fields.count }] as [Ask] {
                let task = Task { try await ask() }
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
            }
            return "gave up"
        }
        #expect(try await Self.text(response) == "gave up")
        source.finish()
    }

    private typealias Ask = @Sendable () async throws -> Int

    @Test func aBodyThatIsAnnouncedAsTooLongIsNotRead() async throws {
        let (body, source) = RequestBody.makeStream()
        let response = try await Self.answer(to: body, headers: [.contentLength: "99999999"]) { request in
            "\(try await request.body.count)"
        }
        #expect(response.status == .contentTooLarge)
        source.finish()
    }

    @Test(arguments: [HTTPParserError.invalidEOFState, .invalidChunkSize])
    func aBodyThatIsCutOffIsABadRequest(error: HTTPParserError) async throws {
        let (body, source) = RequestBody.makeStream()
        await source.yield(ByteBuffer(string: "half"))
        source.finish(error)
        let response = try await Self.answer(to: body) { request in "\(try await request.body.count)" }
        #expect(response.status == .badRequest)
    }

    @Test func aBodyWhoseConnectionHasFailedIsABadRequest() async throws {
        let (body, source) = RequestBody.makeStream()
        source.finish(ChannelError.inputClosed)
        let response = try await Self.answer(to: body) { request in "\(try await request.body.count)" }
        #expect(response.status == .badRequest)
    }

    @Test func aLateBodyIsAnsweredByTheHandlerFor408() async throws {
        let (body, source) = RequestBody.makeStream()
        source.finish(RequestTimeout())
        let response = try await Self.answer(to: body) { request in "\(try await request.form["name"])" }
        #expect(response.status == .requestTimeout)
        #expect(try await Self.text(response) == "in vain")
    }
}
