// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import NIOCore
import TestSupport
import Testing

@testable import Dewar

/// The headers that protect pages.
@Suite struct AppSecurityHeaderTests {
    private static func headers(_ app: App, _ path: String = "/", scheme: String = "https") async throws -> HTTPFields {
        let head = HTTPRequest(method: .get, scheme: scheme, authority: "localhost", path: path)
        let request = HummingbirdCore.Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        return try await app.responder().respond(to: request, context: AppRequestContext(logger: app.logger)).headers
    }

    private static func value(_ name: String, in headers: HTTPFields) throws -> [String] {
        headers[values: try #require(HTTPField.Name(name))]
    }

    private static let fields = [
        ("X-Content-Type-Options", "nosniff"), ("Content-Security-Policy", "frame-ancestors 'self'"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"), ("Strict-Transport-Security", "max-age=31536000"),
    ]

    @Test(arguments: ["/", "/missing", "/broken", "/refused"])
    func everyAnswerHasThem(path: String) async throws {
        let app = App.forTests()
        app.get("/") { _ in "home" }
        app.get("/broken") { _ in throw Mishap() }
        app.get("/refused") { _ in try abort(403) }
        let headers = try await Self.headers(app, path)
        for (name, value) in Self.fields { #expect(try Self.value(name, in: headers) == [value]) }
    }

    @Test func overPlainHTTPNothingIsSaidOfHTTPS() async throws {
        let app = App.forTests()
        app.get("/") { _ in "home" }
        let headers = try await Self.headers(app, scheme: "http")
        for (name, value) in Self.fields.dropLast() { #expect(try Self.value(name, in: headers) == [value]) }
        #expect(try Self.value("Strict-Transport-Security", in: headers).isEmpty)
    }

    @Test func whatAHandlerSetsStays() async throws {
        let app = App.forTests()
        let own = [
            "X-Content-Type-Options": "own", "Referrer-Policy": "no-referrer", "Strict-Transport-Security": "max-age=0",
            "Content-Security-Policy": "default-src 'self'; Frame-Ancestors 'none'",
        ]
        app.get("/") { _ in
            var response: Dewar.Response = "home"
            for (name, value) in own {
                if let name = HTTPField.Name(name) { response.headers[name] = value }
            }
            return response
        }
        let headers = try await Self.headers(app)
        for (name, value) in own { #expect(try Self.value(name, in: headers) == [value]) }
    }

    @Test(arguments: [
        ("Content-Security-Policy", "default-src 'self'", ["default-src 'self'", "frame-ancestors 'self'"]),
        ("X-Frame-Options", "DENY", []),
    ])
    func aPolicyWithoutFramesGetsThemAndOldWordsStay(name: String, value: String, policies: [String]) async throws {
        let app = App.forTests()
        app.get("/") { _ in
            var response: Dewar.Response = "home"
            if let name = HTTPField.Name(name) { response.headers[name] = value }
            return response
        }
        #expect(try Self.value("Content-Security-Policy", in: try await Self.headers(app)) == policies)
    }

    @Test func theyCanBeChangedAndSwitchedOff() async throws {
        let app = App.forTests()
        app.get("/") { _ in "home" }
        app.securityHeaders.strictTransportSecurity = "max-age=5; includeSubDomains"
        app.securityHeaders.frameAncestors = nil
        let headers = try await Self.headers(app)
        #expect(try Self.value("Strict-Transport-Security", in: headers) == ["max-age=5; includeSubDomains"])
        #expect(try Self.value("Content-Security-Policy", in: headers).isEmpty)
        app.securityHeaders = .off
        let none = try await Self.headers(app)
        for (name, _) in Self.fields { #expect(try Self.value(name, in: none).isEmpty) }
    }
}
