// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import TestSupport
import Testing

@testable import Dewar

/// Which responses are compressed, and what their fields say. What clients read of them is in Tests/Interop.
@Suite struct CompressionTests {
    private static let text = String(repeating: "what compresses well ", count: 200)
    private let folder: TemporaryFolder
    private let client: TestClient

    init() throws {
        self.folder = try TemporaryFolder()
        try Data(Self.text.utf8).write(to: URL(filePath: self.folder.file("page.txt")))
        try Data(Self.text.utf8).write(to: URL(filePath: self.folder.file("film.mp4")))
        let app = App.forTests()
        app.compression = .gzip
        app.staticFiles(self.folder.path)
        app.get("/text") { _ in Response(text: Self.text) }
        app.get("/short") { _ in Response(text: String(Self.text.prefix(1023))) }
        app.get("/just") { _ in Response(text: String(Self.text.prefix(1024))) }
        app.get("/open") { request in
            Response(
                headers: [.contentType: "text/plain", .vary: "Accept"],
                body: .stream(ResponseBody { writer in try await writer.write(ByteBuffer(string: "b")) }))
        }
        app.get("/stream", usesSession: false) { _ in
            Response(
                headers: [.contentType: "text/plain"],
                body: .stream(ResponseBody { writer in try await writer.write(ByteBuffer(string: "a")) }))
        }
        app.get("/type") { request in
            Response(headers: [.contentType: request.query.get("type") ?? ""], body: .bytes(Array(Self.text.utf8)))
        }
        app.get("/field") { request in
            var response = Response(text: Self.text)
            let name = try #require(HTTPField.Name(request.query.get("name") ?? ""))
            response.headers[name] = request.query.get("value")
            return response
        }
        app.get("/session") { request in
            _ = request.session.user
            return Response(text: Self.text)
        }
        app.get("/token") { request in "\(csrf: request)\(Self.text)" }
        app.get("/status/<int:code>") { request in
            let code = try request.parameters.get("code", as: Int.self)
            return Response(text: Self.text, status: .init(code: code))
        }
        self.client = try app.testClient()
    }

    private func get(
        _ path: String, accepting: String? = "gzip", _ headers: HTTPFields = HTTPFields(),
        method: HTTPRequest.Method = .get
    ) async throws -> TestResponse {
        var headers = headers
        headers[.acceptEncoding] = accepting
        return try await self.client.send(method, path, headers: headers)
    }

    @Test(arguments: ["/text", "/just", "/stream", "/static/page.txt"])
    func whatHasNoSecretIsCompressed(path: String) async throws {
        let response = try await self.get(path)
        #expect(response.headers[.contentEncoding] == "gzip" && response.headers[.vary] == "Accept-Encoding")
        #expect(response.headers[.contentLength] == nil && response.headers[.acceptRanges] == nil)
        #expect(response.body.starts(with: [0x1F, 0x8B]))
        if path != "/stream" { #expect(response.body.count < 200) }
        let plain = try await self.get(path, accepting: nil)
        #expect(plain.headers[.contentEncoding] == nil && plain.headers[.vary] == "Accept-Encoding")
        #expect(!plain.body.starts(with: [0x1F, 0x8B]))
    }

    @Test(arguments: ["/session", "/token", "/short", "/missing", "/static/film.mp4"])
    func whatHasASecretOrIsNotWorthItIsNot(path: String) async throws {
        let response = try await self.get(path)
        #expect(response.headers[.contentEncoding] == nil)
        #expect(!response.headers[values: .vary].contains("Accept-Encoding"))
    }

    @Test(arguments: [
        ("Set-Cookie", "a=b"), ("Vary", "Origin, cookie"), ("Vary", "*"), ("Cache-Control", "max-age=1, No-Store"),
        ("Cache-Control", "private=\"a\""), ("Cache-Control", "no-transform"), ("Content-Encoding", "br"),
        ("Content-Range", "bytes 0-1/2"), ("Content-Digest", "sha-256=:a:"),
    ])
    func aFieldOfTheHandlerForbidsIt(name: String, value: String) async throws {
        let response = try await self.get("/field?name=\(name)&value=\(value.replacing(" ", with: "+"))")
        #expect(response.headers[.contentEncoding] == (name == "Content-Encoding" ? value : nil))
        #expect(response.text == Self.text)
    }

    @Test func aRequestWithCredentialsIsAnsweredAsItIs() async throws {
        #expect(try await self.get("/text", [.authorization: "Bearer a"]).headers[.contentEncoding] == nil)
    }

    @Test(arguments: [
        ("text/html; charset=utf-8", true), ("TEXT/css", true), ("application/ld+json", true), ("image/svg+xml", true),
        ("application/json", true), ("text/event-stream", false), ("image/png", false), ("application/zip", false),
        ("", false),
    ])
    func theTypeDecides(type: String, isCompressed: Bool) async throws {
        let response = try await self.get("/type?type=\(type.replacing("+", with: "%2B").replacing(" ", with: "+"))")
        #expect((response.headers[.contentEncoding] == "gzip") == isCompressed)
    }

    @Test(arguments: [200, 201, 404, 500]) func anyWholeBodyIsCompressed(status: Int) async throws {
        #expect(try await self.get("/status/\(status)").headers[.contentEncoding] == "gzip")
    }

    @Test(arguments: [204, 205, 206]) func aPartOrNothingIsNot(status: Int) async throws {
        #expect(try await self.get("/status/\(status)").headers[.contentEncoding] == nil)
    }

    @Test func anEntityTagBecomesWeakAndIsStillKnown() async throws {
        let plain = try await self.get("/static/page.txt", accepting: nil)
        let tag = try #require(plain.headers[.eTag])
        let compressed = try await self.get("/static/page.txt")
        #expect(compressed.headers[.eTag] == "W/\(tag)")
        for (asked, told) in [("W/\(tag)", "W/\(tag)"), (tag, tag)] {
            let response = try await self.get("/static/page.txt", [.ifNoneMatch: asked])
            #expect(response.status == .notModified && response.body.isEmpty)
            #expect(response.headers[.eTag] == told && response.headers[.vary] == "Accept-Encoding")
            #expect(response.headers[.contentEncoding] == nil && response.headers[.contentType] == nil)
        }
    }

    @Test func aPartOfAFileIsOfTheFileItself() async throws {
        let part = try await self.get("/static/page.txt", [.range: "bytes=0-3"])
        #expect(part.status == .partialContent && part.text == "what" && part.headers[.contentEncoding] == nil)
        let tag = try #require(try await self.get("/static/page.txt").headers[.eTag])
        // A weak tag names no bytes, so that the whole file is sent.
        let whole = try await self.get("/static/page.txt", [.range: "bytes=0-3", .ifRange: tag])
        #expect(whole.status == .ok && whole.headers[.contentEncoding] == "gzip")
    }

    @Test(arguments: ["/text", "/static/page.txt"]) func headHasTheFieldsOfGet(path: String) async throws {
        let (get, head) = (try await self.get(path), try await self.get(path, method: .head))
        #expect(head.body.isEmpty && head.headers[.contentLength] == nil)
        for name in [HTTPField.Name.contentEncoding, .vary, .eTag, .contentType, .acceptRanges] {
            #expect(head.headers[name] == get.headers[name])
        }
        let plain = try await self.get(path, accepting: nil, method: .head)
        #expect(plain.headers[.contentLength] == "\(Self.text.utf8.count)")
    }

    @Test func withoutTheSwitchNothingIs() async throws {
        let app = App.forTests()
        app.get("/") { _ in Response(text: Self.text) }
        let response = try await app.testClient().get("/", headers: [.acceptEncoding: "gzip"])
        #expect(response.headers[.contentEncoding] == nil && response.headers[.vary] == nil)
    }

    @Test func noMoreResponsesAreCompressedAtOnceThanThereIsMemoryFor() {
        let places = CompressionPlaces()
        var taken = (0..<CompressionPlaces.maximum).map { _ in places.take() }
        #expect(taken.allSatisfy { $0 != nil } && places.take() == nil && places.take() == nil)
        taken.removeLast()
        #expect(places.take() != nil)
    }

    @Test(arguments: [
        ("gzip", true), ("GZIP", true), ("x-gzip", true), ("deflate, gzip;q=1.0, *;q=0.5", true), ("*", true),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", true), ("gzip ; q=0.001", true), ("identity;q=0.5, gzip;q=0.5", true),
        ("", false), ("deflate", false), ("gzip;q=0", false), ("gzip;q=0.000", false), ("*;q=0", false),
        ("*, gzip;q=0", false), ("identity, gzip;q=0.5", false), ("gzip;q=2", false), ("gzip;q=0.1234", false),
        ("gzip;q=1.001", false), ("gzip;q=", false), ("gzip;level=9", false), ("gzip;q=.5", false),
        ("gzip;q=1;q=0", false), ("notgzip", false),
    ])
    func whatTheClientTakes(field: String, takesGzip: Bool) {
        #expect(AcceptEncoding.prefersGzip([field]) == takesGzip)
    }

    /// It might write a token that it takes from the session, after the fields have been sent.
    @Test func aStreamThatMayLookAtTheSessionIsNotCompressed() async throws {
        let response = try await self.get("/open")
        #expect(response.headers[.contentEncoding] == nil)
        #expect(response.headers[.vary] == "Accept, Cookie")
        #expect(response.text == "b")
    }

    @Test func severalFieldsAreOneList() {
        #expect(AcceptEncoding.prefersGzip(["br", "gzip;q=0.5"]))
        #expect(!AcceptEncoding.prefersGzip([]))
        // With the comma before it, this sign makes one character.
        #expect(AcceptEncoding.prefersGzip(["gzip", "\u{5BC}br"]))
    }
}
