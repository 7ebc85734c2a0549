// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import Foundation
import TestSupport
import Testing

/// Conditional requests for a file that was changed at one known time.
@Suite struct StaticFileConditionTests {
    private static let before = "Tue, 14 Nov 2023 22:13:19 GMT"
    private static let modified = "Tue, 14 Nov 2023 22:13:20 GMT"
    private static let after = "Tue, 14 Nov 2023 22:13:21 GMT"
    /// A tag of a version that was never there.
    private static let other = "\"0-0-0\""
    /// Stands for the file's own tag in the tests' arguments.
    private static let own = "OWN"

    private static let conditions: [(HTTPField.Name, String, HTTPResponse.Status)] = [
        (HTTPField.Name.ifNoneMatch, own, HTTPResponse.Status.notModified), (.ifNoneMatch, "W/\(own)", .notModified),
        (.ifNoneMatch, "*", .notModified), (.ifNoneMatch, "\(other), \(own)", .notModified),
        (.ifNoneMatch, "\"a,b\" ,W/\(own)", .notModified), (.ifNoneMatch, "junk, \(own)", .notModified),
        (.ifNoneMatch, other, .ok), (.ifNoneMatch, "\(other), *", .ok), (.ifNoneMatch, "", .ok),
        (.ifNoneMatch, "junk", .ok), (.ifMatch, own, .ok), (.ifMatch, "*", .ok), (.ifMatch, "\(other), \(own)", .ok),
        (.ifMatch, "W/\(own)", .preconditionFailed), (.ifMatch, other, .preconditionFailed),
        (.ifMatch, "junk", .preconditionFailed), (.ifModifiedSince, modified, .notModified),
        (.ifModifiedSince, after, .notModified), (.ifModifiedSince, before, .ok), (.ifModifiedSince, "junk", .ok),
        (.ifModifiedSince, "Tuesday, 14-Nov-23 22:13:20 GMT", .notModified),
        (.ifModifiedSince, "Tue Nov 14 22:13:20 2023", .notModified), (.ifUnmodifiedSince, modified, .ok),
        (.ifUnmodifiedSince, after, .ok), (.ifUnmodifiedSince, before, .preconditionFailed),
        (.ifUnmodifiedSince, "junk", .ok),
    ]

    @Test(arguments: conditions)
    func aConditionIsMet(field: HTTPField.Name, value: String, status: HTTPResponse.Status) async throws {
        try await Self.withFile { client, tag in
            let headers: HTTPFields = [field: value.replacingOccurrences(of: Self.own, with: tag)]
            for method in [HTTPRequest.Method.get, .head] {
                let response = try await client.send(method, "/static/hello.txt", headers: headers)
                #expect(response.status == status)
            }
        }
    }

    private static let orders: [([(HTTPField.Name, String)], HTTPResponse.Status)] = [
        // A tag comes before a date (RFC 9110, section 13.2.2).
        ([(HTTPField.Name.ifMatch, own), (.ifUnmodifiedSince, before)], HTTPResponse.Status.ok),
        ([(.ifMatch, other), (.ifUnmodifiedSince, after)], .preconditionFailed),
        ([(.ifNoneMatch, other), (.ifModifiedSince, after)], .ok),
        ([(.ifNoneMatch, own), (.ifModifiedSince, before)], .notModified),
        // What must be so comes before what the client has.
        ([(.ifMatch, other), (.ifNoneMatch, own)], .preconditionFailed),
        ([(.ifMatch, own), (.ifNoneMatch, own)], .notModified),
        ([(.ifUnmodifiedSince, before), (.ifNoneMatch, own)], .preconditionFailed),
        // And both before the range.
        ([(.ifNoneMatch, own), (.range, "bytes=0-4")], .notModified),
        ([(.ifMatch, other), (.range, "bytes=99-")], .preconditionFailed),
        ([(.ifMatch, own), (.range, "bytes=0-4")], .partialContent),
        // A field of several lines is one list, and two dates are none.
        ([(.ifNoneMatch, other), (.ifNoneMatch, own)], .notModified),
        ([(.ifModifiedSince, after), (.ifModifiedSince, after)], .ok),
        ([(.range, "bytes=0-1"), (.range, "bytes=3-4")], .ok),
    ]

    @Test(arguments: orders)
    func conditionsHaveAnOrder(fields: [(HTTPField.Name, String)], status: HTTPResponse.Status) async throws {
        try await Self.withFile { client, tag in
            var headers = HTTPFields()
            for (name, value) in fields {
                headers.append(HTTPField(name: name, value: value.replacingOccurrences(of: Self.own, with: tag)))
            }
            let response = try await client.get("/static/hello.txt", headers: headers)
            #expect(response.status == status)
        }
    }

    private static let parts: [(String, HTTPResponse.Status)] = [
        (own, HTTPResponse.Status.partialContent), (modified, .partialContent), (other, .ok), ("W/\(own)", .ok),
        (before, .ok), (after, .ok), ("junk", .ok), ("\(own), \(other)", .ok),
    ]

    @Test(arguments: parts)
    func aPartIsSentOfTheVersionThatTheClientHas(ifRange: String, status: HTTPResponse.Status) async throws {
        try await Self.withFile { client, tag in
            let value = ifRange.replacingOccurrences(of: Self.own, with: tag)
            let headers: HTTPFields = [.range: "bytes=0-4", .ifRange: value]
            let response = try await client.get("/static/hello.txt", headers: headers)
            #expect(response.status == status)
            #expect(response.text == (status == .ok ? "hello world" : "hello"))
        }
    }

    @Test func aTagChangesWithTheContents() async throws {
        try await Self.withFile { client, tag in
            let same = try await client.get("/static/hello.txt")
            #expect(same.headers[.eTag] == tag)
            #expect(same.headers[.lastModified] == Self.modified)
            let other = try await client.get("/static/other.txt")
            #expect(other.headers[.eTag] != tag)
        }
    }

    @Test func aFileFromTheFutureIsOfNow() async throws {
        let folder = try TemporaryFolder()
        try Self.write("hello", to: folder.file("a.txt"), at: 1_700_000_000)
        let app = App(
            secretKey: .forTests, clock: SessionClock { Date(timeIntervalSince1970: 1_600_000_000) })
        app.staticFiles(folder.path)
        let response = try await app.testClient().get("/static/a.txt")
        #expect(response.headers[.lastModified] == "Sun, 13 Sep 2020 12:26:40 GMT")
    }

    /// A condition is about the date that the client was told.
    @Test(arguments: [
        (HTTPField.Name.ifUnmodifiedSince, HTTPResponse.Status.ok), (.ifModifiedSince, .notModified),
    ])
    func aConditionOnAFileFromTheFutureIsMet(field: HTTPField.Name, status: HTTPResponse.Status) async throws {
        let folder = try TemporaryFolder()
        try Self.write("hello", to: folder.file("a.txt"), at: 1_700_000_000)
        let app = App(
            secretKey: .forTests, clock: SessionClock { Date(timeIntervalSince1970: 1_600_000_000) })
        app.staticFiles(folder.path)
        let client = try app.testClient()
        let told = try #require(try await client.get("/static/a.txt").headers[.lastModified])
        #expect(try await client.get("/static/a.txt", headers: [field: told]).status == status)
    }

    @Test(arguments: [nil, "public, max-age=3600"])
    func theApplicationSaysHowLongAFileIsKept(cacheControl: String?) async throws {
        let folder = try TemporaryFolder()
        try Self.write("hello", to: folder.file("a.txt"), at: 1_700_000_000)
        let app = App.forTests()
        app.staticFiles(folder.path, cacheControl: cacheControl)
        app.staticFiles(folder.path, at: "/default", name: "default")
        let client = try app.testClient()
        #expect(try await client.get("/static/a.txt").headers[.cacheControl] == cacheControl)
        #expect(try await client.get("/default/a.txt").headers[.cacheControl] == "no-cache")
        let unchanged = try await client.get("/static/a.txt", headers: [.ifNoneMatch: "*"])
        #expect(unchanged.status == .notModified)
        #expect(unchanged.headers[.cacheControl] == cacheControl)
        #expect(unchanged.headers[.eTag] != nil)
        #expect(unchanged.headers[.contentType] == nil)
        #expect(try await client.get("/static/b.txt").headers[.cacheControl] == nil)
    }

    private static func withFile(_ body: (TestClient, String) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        try Self.write("hello world", to: folder.file("hello.txt"), at: 1_700_000_000)
        try Self.write("hello there", to: folder.file("other.txt"), at: 1_700_000_000.5)
        let app = App.forTests()
        app.staticFiles(folder.path)
        let client = try app.testClient()
        let tag = try #require(try await client.get("/static/hello.txt").headers[.eTag])
        try await body(client, tag)
    }

    private static func write(_ text: String, to path: String, at time: TimeInterval) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: time)], ofItemAtPath: path)
    }
}
