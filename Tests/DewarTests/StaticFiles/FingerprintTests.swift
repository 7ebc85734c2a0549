// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Dewar

/// URLs of static files with a hash of the contents.
@Suite struct FingerprintTests {
    private let folder: TemporaryFolder
    private let app = App.forTests()

    init() throws {
        self.folder = try TemporaryFolder()
        try Self.write("a { color: red }", to: self.folder.file("style.css"), modified: 1_700_000_000)
        self.app.staticFiles(self.folder.path, fingerprints: true)
        self.app.templates = Templates(["page": "{{#static}}style.css{{/static}}"])
        self.app.get("/page") { _ in try render("page") }
        self.app.get("/url") { [app] _ in Response(text: app.url(for: "static", ["filename": "style.css"])) }
    }

    private static func write(_ text: String, to path: String, modified: Int) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: TimeInterval(modified))], ofItemAtPath: path)
    }

    private var url: String { self.app.url(for: "static", ["filename": "style.css"]) }

    private static let immutable = "public, max-age=31536000, immutable"

    @Test func theURLHasTheHashOfTheContents() async throws {
        // The first nine bytes of the SHA-256.
        #expect(self.url == "/static/style.css?v=LHvAPItmcc9l")
        let client = try self.app.testClient()
        #expect(try await client.get("/page").text == self.url)
        #expect(try await client.get("/url").text == self.url)
        #expect(self.app.url(for: "static", ["filename": "style.css", "v": "2"]) == "/static/style.css?v=2")
        let external = self.app.url(for: "static", ["filename": "style.css"], anchor: "a", isExternal: true)
        #expect(external.hasSuffix(self.url + "#a"))
    }

    @Test(arguments: ["missing.css", "../secret", ".hidden", ""])
    func whatIsNotServedHasNone(name: String) throws {
        try Data("secret".utf8).write(to: URL(filePath: self.folder.file(".hidden")))
        #expect(!self.app.url(for: "static", ["filename": URLValue(name)]).contains("?v="))
    }

    @Test func theFileIsKeptForEverUnderItsHashAndAskedForUnderAnyOther() async throws {
        let client = try self.app.testClient()
        let url = self.url
        let kept = try await client.get(url)
        #expect(kept.text == "a { color: red }" && kept.headers[.cacheControl] == Self.immutable)
        #expect(try await client.get("/static/style.css").headers[.cacheControl] == "no-cache")
        for other in ["", "x", "LHvAPItmcc9l="] {
            let response = try await client.get("/static/style.css?v=\(other)")
            #expect(response.status == .ok && response.headers[.cacheControl] == "no-cache")
        }
        let again = try await client.get(url, headers: [.ifNoneMatch: try #require(kept.headers[.eTag])])
        #expect(again.status == .notModified && again.headers[.cacheControl] == Self.immutable)
    }

    @Test func aChangedFileHasAnotherURLAtOnce() async throws {
        let client = try self.app.testClient()
        let (path, before) = (self.folder.file("style.css"), self.url)
        // The same size, another date.
        try Self.write("a { color: tan }", to: path, modified: 1_700_000_001)
        let after = self.url
        #expect(after != before)
        let old = try await client.get(before)
        #expect(old.text == "a { color: tan }" && old.headers[.cacheControl] == "no-cache")
        #expect(try await client.get(after).headers[.cacheControl] == Self.immutable)
        // The contents decide, and not the date: two servers with the same files have the same URLs.
        try Self.write("a { color: red }", to: path, modified: 1_700_000_002)
        #expect(self.url == before)
    }

    @Test func withoutTheSwitchNothingChanges() async throws {
        let app = App.forTests()
        app.staticFiles(self.folder.path, cacheControl: "public, max-age=60")
        #expect(app.url(for: "static", ["filename": "style.css"]) == "/static/style.css")
        let response = try await app.testClient().get(self.url)
        #expect(response.headers[.cacheControl] == "public, max-age=60")
    }

    @Test func whatNeedsAPasswordIsKeptByTheVisitorAlone() async throws {
        let response = try await self.app.testClient().get(self.url, headers: [.authorization: "Basic YTpi"])
        #expect(response.headers[.cacheControl] == "private, max-age=31536000, immutable")
    }

    @Test(arguments: ["private", "no-store", "max-age=60, Private"])
    func whatIsNotForEverybodyStaysSo(own: String) async throws {
        let app = App.forTests()
        app.staticFiles(self.folder.path, cacheControl: own, fingerprints: true)
        let url = app.url(for: "static", ["filename": "style.css"])
        #expect(url.contains("?v="))
        let client = try app.testClient()
        for path in [url, "/static/style.css?v=x"] {
            #expect(try await client.get(path).headers[.cacheControl] == own)
        }
    }

    @Test func whatTheSessionDecidesIsKeptByTheVisitorAlone() async throws {
        self.app.beforeRequest { request in
            _ = request.session.user
            return nil
        }
        let response = try await self.app.testClient().get(self.url)
        #expect(response.headers[.cacheControl] == "private, max-age=31536000, immutable")
    }

    /// With a permanent session in Flask's format each response sends the cookie anew, as in Flask. A shared cache must not
    /// hand it on to other visitors.
    @Test func whatSendsTheSessionsCookieIsNotKept() async throws {
        self.app.addSessionsOverview(at: "/sessions", allowing: { _ in false })
        let client = try self.app.testClient()
        let paths = [self.url, "/static/style.css?v=x", "/static/style.css", "/sessions/style.css"]
        let forAll = [Self.immutable, "no-cache", "no-cache", "public, max-age=3600"]
        let forOne = ["private, no-cache", "no-cache", "no-cache", "private, no-cache"]
        for (path, caching) in zip(paths, forAll) {
            let response = try await client.get(path)
            #expect(response.headers[.setCookie] == nil && response.headers[.cacheControl] == caching)
        }
        try await client.withSession { session in
            session["cart"] = 7
            session.isPermanent = true
        }
        for (path, caching) in zip(paths, forOne) {
            let response = try await client.get(path)
            #expect(response.status == .ok && response.headers[.setCookie]?.hasPrefix("session=") == true)
            #expect(response.headers[values: .cacheControl] == [caching])
            #expect(try await client.send(.head, path).headers[values: .cacheControl] == [caching])
        }
        let tag = try #require(try await client.get(self.url).headers[.eTag])
        let again = try await client.get(self.url, headers: [.ifNoneMatch: tag])
        #expect(again.status == .notModified && again.headers[.setCookie] != nil)
        #expect(again.headers[values: .cacheControl] == ["private, no-cache"])
    }

    @Test func aHashIsComputedOnceForAVersion() throws {
        let path = self.folder.file("style.css")
        let fingerprints = FileFingerprints(folder: StaticFolder(path: self.folder.path, servesHiddenFiles: false))
        let first = try #require(fingerprints.hash(of: "style.css"))
        // Other contents with the date and the size of the old ones: the file is not read again.
        try Self.write("a { color: tan }", to: path, modified: 1_700_000_000)
        #expect(fingerprints.hash(of: "style.css") == first)
        try Self.write("a { color: tan }", to: path, modified: 1_700_000_001)
        #expect(fingerprints.hash(of: "style.css") != first)
    }

    @Test func noMoreHashesAreKeptThanTheLimit() throws {
        let fingerprints = FileFingerprints(folder: StaticFolder(path: self.folder.path, servesHiddenFiles: false))
        let file = try StaticFolder(path: self.folder.path, servesHiddenFiles: false).open("style.css")
        for index in 0..<FileFingerprints.maximumCount + 100 { _ = fingerprints.hash(of: file, named: "\(index)") }
        #expect(fingerprints.count == FileFingerprints.maximumCount)
    }

    @Test func aLargeFileHasNone() throws {
        let path = self.folder.file("film.mp4")
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.truncate(atOffset: UInt64(FileFingerprints.maximumSize) + 1)
        #expect(self.app.url(for: "static", ["filename": "film.mp4"]) == "/static/film.mp4")
        try handle.truncate(atOffset: UInt64(FileFingerprints.maximumSize))
        #expect(self.app.url(for: "static", ["filename": "film.mp4"]).contains("?v="))
    }
}
