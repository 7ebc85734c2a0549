// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Foundation
import TestSupport
import Testing

/// Static files on a connection: a second request must get its own answer.
@Suite(.timeLimit(.minutes(1))) struct StaticFileWireTests {
    @Test(
        arguments: [
            ("GET", nil, "200 OK", nil, "hello world"),
            ("GET", "bytes=0-4", "206 Partial Content", "bytes 0-4/11", "hello"),
            ("GET", "bytes=-5", "206 Partial Content", "bytes 6-10/11", "world"),
            ("GET", "bytes=6-", "206 Partial Content", "bytes 6-10/11", "world"),
            ("GET", "bytes=6-99", "206 Partial Content", "bytes 6-10/11", "world"),
            ("GET", "bytes=10-10", "206 Partial Content", "bytes 10-10/11", "d"),
            ("GET", "lines=0-1", "200 OK", nil, "hello world"),
            ("GET", "bytes=0-1,3-4", "200 OK", nil, "hello world"),
            ("HEAD", nil, "200 OK", nil, ""), ("HEAD", "bytes=0-4", "200 OK", nil, ""),
            ("HEAD", "bytes=99-", "200 OK", nil, ""),
        ] as [(String, String?, String, String?, String)])
    func aRangeHasTheLengthThatItSays(
        method: String, range: String?, statusLine: String, contentRange: String?, body: String
    ) async throws {
        let field = range.map { "\nRange: \($0)" } ?? ""
        let responses = try await Self.answers(["\(method) /static/hello.txt\(field)", "GET /next"])
        #expect(responses[0].statusLine == statusLine)
        #expect(responses[0].fields["content-range"] == contentRange)
        #expect(responses[0].fields["content-length"] == (method == "HEAD" ? "11" : "\(body.utf8.count)"))
        #expect(responses[0].body == body)
        #expect(responses[1].body == "the next answer")
    }

    @Test(arguments: ["bytes=11-", "bytes=20-30", "bytes=4-2", "bytes=-0"])
    func aRangeThatTheFileDoesNotHaveIsRefused(range: String) async throws {
        let responses = try await Self.answers(["GET /static/hello.txt\nRange: \(range)", "GET /next"])
        #expect(responses[0].statusLine == "416 Range Not Satisfiable")
        #expect(responses[0].fields["content-range"] == "bytes */11")
        #expect(responses[1].body == "the next answer")
    }

    @Test(arguments: [nil, "bytes=0-", "bytes=-5", "bytes=3-4"])
    func anEmptyFileIsSentAsItIs(range: String?) async throws {
        let field = range.map { "\nRange: \($0)" } ?? ""
        let responses = try await Self.answers(["GET /static/empty.txt\(field)", "GET /next"])
        #expect(responses[0].statusLine == "200 OK")
        #expect(responses[0].fields["content-length"] == "0")
        #expect(responses[1].body == "the next answer")
    }

    @Test func whatTheBrowserHasIsNotSent() async throws {
        let tag = try #require(try await Self.answers(["GET /static/hello.txt"])[0].fields["etag"])
        // The file is another one in each call, with the time that it was written at; "*" is any version.
        #expect(tag.hasPrefix("\""))
        let responses = try await Self.answers(["GET /static/hello.txt\nIf-None-Match: *", "GET /next"])
        #expect(responses[0].statusLine == "304 Not Modified")
        #expect(responses[0].fields["content-length"] == nil)
        #expect(responses[1].body == "the next answer")
    }

    @Test func aFileThatShrinksWhileItIsSentEndsTheConnection() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("large.bin")
        // More than the connection's buffers hold, so that the end has not been read when the first bytes arrive.
        let size = 64 * 1024 * 1024
        try Data().write(to: URL(fileURLWithPath: path))
        try #require(truncate(path, off_t(size)) == 0)
        try await withServer { app in
            Self.define(app, folder)
        } _: { url in
            let port = try #require(URL(string: url)?.port)
            let request = "GET /static/large.bin HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n"
            let bytes = try await exchange(request, port: port) { truncate(path, 1) }
            let head = String(decoding: bytes.prefix(1024), as: UTF8.self)
            #expect(head.contains("Content-Length: \(size)\r\n"))
            #expect(bytes.count < size)
            #expect(!String(decoding: bytes.suffix(1024), as: UTF8.self).contains("the next answer"))
        }
    }

    private static func answers(_ requests: [String]) async throws -> [WireResponse] {
        let folder = try TemporaryFolder()
        try Data("hello world".utf8).write(to: URL(fileURLWithPath: folder.file("hello.txt")))
        try Data().write(to: URL(fileURLWithPath: folder.file("empty.txt")))
        return try await withServer { app in
            Self.define(app, folder)
        } _: { url in
            try await WireResponse.exchange(requests, with: url)
        }
    }

    private static func define(_ app: App, _ folder: TemporaryFolder) {
        app.staticFiles(folder.path)
        app.get("/next") { _ in Response(text: "the next answer") }
    }
}
