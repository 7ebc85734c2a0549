// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
import Testing

/// Files of a folder, served under a path.
@Suite struct StaticFileTests {
    /// A client of an application that serves a folder with `style.css`, `a..b.txt` and the folder `sub`; `secret.txt`
    /// lies beside the folder.
    private static func withClient(_ body: (TestClient) async throws -> Void) async throws {
        let parent = FileManager.default.temporaryDirectory.appending(path: "dewar-\(UUID().uuidString)")
        let folder = parent.appending(path: "static")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "sub"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: parent) }
        try Data("body {}".utf8).write(to: folder.appending(path: "style.css"))
        try Data("dots".utf8).write(to: folder.appending(path: "a..b.txt"))
        try Data("inner".utf8).write(to: folder.appending(path: "sub/a b.txt"))
        try Data("secret".utf8).write(to: parent.appending(path: "secret.txt"))
        let app = App.forTests()
        app.staticFiles(folder.path())
        try await body(try app.testClient())
    }

    @Test func aFileIsServedWithItsType() async throws {
        try await Self.withClient { client in
            let response = try await client.get("/static/style.css")
            #expect(response.status == .ok)
            #expect(response.text == "body {}")
            #expect(response.headers[.contentType] == "text/css; charset=utf-8")
            #expect(response.headers[.xContentTypeOptions] == "nosniff")
            #expect(response.headers[.acceptRanges] == "bytes")
            #expect(response.headers[.contentLength] == "7")
            #expect(try await client.get("/static/sub/a%20b.txt").text == "inner")
        }
    }

    @Test func aFileThatTheBrowserHasIsNotSentAgain() async throws {
        try await Self.withClient { client in
            let tag = try #require(try await client.get("/static/style.css").headers[.eTag])
            let response = try await client.get("/static/style.css", headers: [.ifNoneMatch: tag])
            #expect(response.status == .notModified)
            #expect(response.body.isEmpty)
        }
    }

    @Test func aPartOfAFileIsServed() async throws {
        try await Self.withClient { client in
            let response = try await client.get("/static/style.css", headers: [.range: "bytes=0-3"])
            #expect(response.status == .partialContent)
            #expect(response.text == "body")
        }
    }

    @Test func headSaysTheLengthOfAFile() async throws {
        try await Self.withClient { client in
            let response = try await client.send(.head, "/static/style.css")
            #expect(response.status == .ok)
            #expect(response.headers[.contentLength] == "7")
            #expect(response.body.isEmpty)
        }
    }

    @Test(arguments: [
        "/static/none.css", "/static/", "/static/sub", "/static/sub/", "/static/../secret.txt",
        "/static/%2e%2e/secret.txt", "/static/..%2fsecret.txt", "/static/sub/../../secret.txt",
        "/static/style.css%00", "/static/style.css%00.png", "/static/style.css/", "/staticstyle.css",
        "/static/sub/..", "/static/./style.css", "/static/%2e/style.css",
        "/static/..%5csecret.txt", "/static/sub%5ca%20b.txt", "/static/style.css%2f", "/static/sub%00/a%20b.txt",
        "/static/%ff.css",
    ])
    func whatIsNoFileOfTheFolderIsNotFound(target: String) async throws {
        try await Self.withClient { client in
            let response = try await client.get(target)
            #expect(response.status == .notFound)
            #expect(!response.text.contains("secret"))
        }
    }

    @Test func aSlashMayBeEncodedAndDotsMayStandInAName() async throws {
        try await Self.withClient { client in
            let encoded = try await client.get("/static/sub%2fa%20b.txt")
            #expect(encoded.text == "inner")
            let dotted = try await client.get("/static/a..b.txt")
            #expect(dotted.text == "dots")
        }
    }

    @Test(arguments: [255, 256, 5000])
    func aNameMayHaveAnyLength(count: Int) async throws {
        try await Self.withClient { client in
            let name = String(repeating: "a", count: count)
            for path in [name, "\(name)/\(name)", String(repeating: "sub/", count: count)] {
                let response = try await client.get("/static/\(path)")
                #expect(response.status == .notFound)
            }
        }
    }

    @Test func aFileTakesNoPost() async throws {
        try await Self.withClient { client in
            let status = try await client.post("/static/style.css").status
            #expect(status == .methodNotAllowed)
        }
    }

    @Test func aFileHasAURL() {
        let app = App.forTests()
        app.staticFiles("public", at: "/assets/", name: "assets")
        app.staticFiles()
        #expect(app.url(for: "assets", ["filename": "a b.css"]) == "/assets/a%20b.css")
        #expect(app.url(for: "static", ["filename": "css/main.css", "v": 3]) == "/static/css/main.css?v=3")
    }

    @Test func aSessionThatIsNotLookedAtAddsNothing() async throws {
        try await Self.withClient { client in
            try await client.withSession { $0["username"] = "admin" }
            let response = try await client.get("/static/style.css")
            #expect(response.headers[.vary] == nil)
            #expect(response.headers[.setCookie] == nil)
        }
    }
}
