// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Foundation
import Hummingbird
import HummingbirdCore
import NIOCore
import TestSupport
import Testing

/// Where a response ends on the connection. Each test sends a second request on the same connection, which must get its
/// own answer.
@Suite(.timeLimit(.minutes(1))) struct ResponseFramingTests {
    @Test(
        arguments: [
            ("GET /abort/204", "204 No Content", nil), ("GET /abort/304", "304 Not Modified", nil),
            ("GET /abort/205", "205 Reset Content", "0"), ("GET /status/204", "204 No Content", nil),
            ("GET /status/304", "304 Not Modified", nil), ("GET /status/205", "205 Reset Content", "0"),
            ("GET /stream/204", "204 No Content", nil), ("GET /stream/304", "304 Not Modified", nil),
            ("GET /stream/205", "205 Reset Content", "0"), ("HEAD /status/204", "204 No Content", nil),
            ("HEAD /status/200", "200 OK", "11"), ("HEAD /status/404", "404 Not Found", "11"),
            ("HEAD /stream/200", "200 OK", nil), ("HEAD /own-head", "200 OK", "123"),
        ] as [(String, String, String?)])
    func aResponseWithoutABodyHasNone(request: String, statusLine: String, length: String?) async throws {
        let responses = try await Self.answers([request, "GET /next"])
        #expect(responses[0].statusLine == statusLine)
        #expect(responses[0].fields["content-length"] == length)
        #expect(responses[0].body.isEmpty)
        #expect(responses[1].body == "the next answer")
    }

    @Test(arguments: ["/abort/304", "/status/304"])
    func aStatusOf304DescribesNoBody(path: String) async throws {
        let response = try await Self.answers(["GET \(path)"])[0]
        #expect(response.fields["content-type"] == nil)
    }

    @Test(arguments: ["/abort/404", "/mishap", "/none", "/hook", "/middleware", "/middleware-error"])
    func anErrorInAnswerToHeadHasNoBody(path: String) async throws {
        let asked = try await Self.answers(["GET \(path)"])[0]
        let responses = try await Self.answers(["HEAD \(path)", "GET /next"])
        #expect(responses[0].statusLine == asked.statusLine)
        #expect(responses[0].fields["content-length"] == "\(asked.body.utf8.count)")
        #expect(responses[1].body == "the next answer")
    }

    @Test(arguments: ["/status/100", "/status/101", "/status/199", "/abort/103", "/middleware-100"])
    func aStatusThatIsNoResponseIsAServerError(path: String) async throws {
        let responses = try await Self.answers(["GET \(path)", "GET /next"])
        #expect(responses[0].statusLine == "500 Internal Server Error")
        #expect(responses[1].body == "the next answer")
    }

    @Test(arguments: ["/length/bytes", "/length/known"])
    func aLengthThatWasSetByHandGivesWayToTheBodys(path: String) async throws {
        let responses = try await Self.answers(["GET \(path)", "GET /next"])
        #expect(responses[0].fields["content-length"] == "11")
        #expect(responses[0].body == "hello world")
        #expect(responses[1].body == "the next answer")
    }

    @Test(arguments: ["-5", "five", "5, 5"])
    func aLengthThatIsNoNumberIsNotSent(length: String) async throws {
        let responses = try await Self.answers(["GET /length/stream\nX-Length: \(length)", "GET /next"])
        #expect(responses[0].fields["content-length"] == nil)
        #expect(responses[0].body == "hello world")
        #expect(responses[1].body == "the next answer")
    }

    @Test func whatAStreamWritesBeyondItsLengthIsNotSent() async throws {
        let responses = try await Self.answers(["GET /length/stream\nX-Length: 5", "GET /next"])
        #expect(responses[0].fields["content-length"] == "5")
        #expect(responses[0].body == "hello")
        #expect(responses[1].body == "the next answer")
    }

    @Test(arguments: ["/length/stream", "/fails"])
    func aStreamThatEndsEarlyEndsTheConnection(path: String) async throws {
        try await withServer(Self.define) { url in
            let port = try #require(URL(string: url)?.port)
            let bytes = try await exchange(
                "GET \(path) HTTP/1.1\r\nHost: a\r\nX-Length: 20\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n",
                port: port)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(!text.hasSuffix("0\r\n\r\n"))
            #expect(!text.contains("the next answer"))
        }
    }

    @Test(arguments: [nil, "X-Length: 11"])
    func aStreamThatForgetsItsEndIsEnded(field: String?) async throws {
        let responses = try await Self.answers(["GET /endless\n\(field ?? "")", "GET /next"])
        #expect(responses[0].body == "hello world")
        #expect(responses[1].body == "the next answer")
    }

    private static func answers(_ requests: [String]) async throws -> [WireResponse] {
        try await withServer(Self.define) { url in try await WireResponse.exchange(requests, with: url) }
    }

    private static func define(_ app: App) {
        app.get("/next") { _ in Dewar.Response(text: "the next answer") }
        app.get("/abort/<int:status>") { request in
            try abort(HTTPResponse.Status(code: try request.parameters.get("status", as: Int.self)))
        }
        app.get("/status/<int:status>") { request in
            Dewar.Response(text: "hello world", status: try Self.status(of: request))
        }
        app.get("/stream/<int:status>") { request in
            Dewar.Response(status: try Self.status(of: request), body: .stream(Self.stream()))
        }
        app.route("/own-head", methods: .head) { _ in Dewar.Response(headers: [.contentLength: "123"]) }
        app.get("/mishap") { _ in throw Mishap() }
        app.get("/length/bytes") { _ in
            Dewar.Response(headers: [.contentLength: "5"], body: .bytes(Array("hello world".utf8)))
        }
        app.get("/length/known") { _ in
            Dewar.Response(headers: [.contentLength: "5"], body: .stream(Self.stream(length: 11)))
        }
        app.get("/length/stream") { request in
            Dewar.Response(headers: Self.length(request), body: .stream(Self.stream()))
        }
        app.get("/endless") { request in
            Dewar.Response(headers: Self.length(request), body: .stream(Self.stream(isEnded: false)))
        }
        app.get("/fails") { _ in
            Dewar.Response(
                body: .stream(
                    ResponseBody { writer in
                        try await writer.write(ByteBuffer(string: "hello"))
                        throw Mishap()
                    }))
        }
        app.beforeRequest { request in
            if request.path == "/hook" { throw Mishap() }
            return nil
        }
        app.add(middleware: Refusal())
    }

    private static func status(of request: Dewar.Request) throws -> HTTPResponse.Status {
        HTTPResponse.Status(code: try request.parameters.get("status", as: Int.self))
    }

    private static func length(_ request: Dewar.Request) -> HTTPFields {
        guard let length = HTTPField.Name("X-Length").flatMap({ request.headers[$0] }) else { return [:] }
        return [.contentLength: length]
    }

    private static func stream(length: Int? = nil, isEnded: Bool = true) -> ResponseBody {
        ResponseBody(contentLength: length) { writer in
            try await writer.write(ByteBuffer(string: "hello "))
            try await writer.write(ByteBuffer(string: "world"))
            if isEnded { try await writer.finish(nil) }
        }
    }
}

/// A middleware that answers some paths by itself.
private struct Refusal: RouterMiddleware {
    typealias Context = AppRequestContext

    func handle(
        _ request: HummingbirdCore.Request, context: AppRequestContext,
        next: (HummingbirdCore.Request, AppRequestContext) async throws -> HummingbirdCore.Response
    ) async throws -> HummingbirdCore.Response {
        switch request.uri.path {
        case "/middleware":
            HummingbirdCore.Response(status: .forbidden, body: ResponseBody(byteBuffer: ByteBuffer(string: "not you")))
        case "/middleware-100": HummingbirdCore.Response(status: .continue)
        case "/middleware-error": throw HTTPError(.badRequest, message: "not this")
        default: try await next(request, context)
        }
    }
}
