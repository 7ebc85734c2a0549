// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import Foundation
import Logging
import SessionsTesting
import TestSupport
import Testing

@testable import Dewar
@testable import Sessions

/// `http_transcripts.json`: whole conversations with three small Flask applications.
@Suite struct HTTPTranscriptVectorTests {
    @Test func everyAnswerIsFlasks() async throws {
        for transcript in try Fixtures.cases("http_transcripts", "transcripts") {
            let clock = ManualClock()
            let client = try Self.app(transcript, clock: clock).testClient()
            for (number, step) in transcript.list("steps").enumerated() {
                clock.now = Date(timeIntervalSince1970: Double(step.number("at") ?? 0))
                let comment = Comment(rawValue: "\(transcript.name), step \(number)")
                try await Self.play(step, of: transcript, client: client, comment: comment)
            }
        }
    }

    private static func app(_ transcript: FixtureCase, clock: ManualClock) throws -> App {
        let keys = transcript.keys
        let app = App(
            secretKey: keys?.current, secretKeyFallbacks: keys?.fallbacks ?? [],
            sessions: try SessionConfiguration(flaskSettings: transcript.object("config")), clock: clock.sessionClock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try VectorApps.define(transcript.text("app") ?? "", on: app)
        return app
    }

    private static func play(
        _ step: FixtureCase, of transcript: FixtureCase, client: TestClient, comment: Comment
    ) async throws {
        let request = try #require(step.object("request"))
        var headers = HTTPFields()
        for field in request.fields["headers"] as? [[String]] ?? [] {
            headers.append(HTTPField(name: try #require(HTTPField.Name(field[0])), value: field[1]))
        }
        switch request.text("cookie_from") {
        case "given":
            headers[.cookie] = request.text("cookie") ?? ""
            if request.flag("keep_cookie") == true { client.keep(request.text("cookie") ?? "") }
        case "none": headers[.cookie] = ""
        default: #expect(client.cookies.header() == request.text("cookie"), comment)
        }
        let response = try await client.send(
            try #require(HTTPRequest.Method(rawValue: request.text("method") ?? "GET")), request.text("target") ?? "/",
            headers: headers, body: Self.body(request))
        let expected = try #require(step.object("expect"))
        guard expected.number("status") != 500 || !Self.isUnreadable(headers[.cookie], transcript, step) else {
            // The departure: well signed and unreadable is a fresh session.
            #expect(response.status != .internalServerError, comment)
            return
        }
        guard headers[.cookie]?.hasPrefix("session=first; session=") != true else {
            // The departure: a bad cookie does not hide a good one that follows.
            #expect(response.text.hasPrefix("Logged in as guest"), comment)
            return
        }
        try Self.check(response, expected, isHead: request.text("method") == "HEAD", comment: comment)
    }

    /// A body that no Content-Length announces, in a request that is not chunked, is never read.
    private static func body(_ request: FixtureCase) -> [UInt8] {
        let names = (request.fields["headers"] as? [[String]] ?? []).map { $0[0].lowercased() }
        guard names.contains("content-length") || request.has("chunk_size") else { return [] }
        if let repeated = request.object("body_repeat") {
            let unit = Array((repeated.text("unit") ?? "").utf8)
            return Array((repeated.text("prefix") ?? "").utf8)
                + (0..<(repeated.number("count") ?? 0)).flatMap { _ in unit }
        }
        return request.bytes("body") ?? []
    }

    private static func check(
        _ response: TestResponse, _ expected: FixtureCase, isHead: Bool, comment: Comment
    ) throws {
        #expect(response.status.code == expected.number("status"), comment)
        let headers = expected.object("headers")
        #expect(response.headers[.contentType] == headers?.text("Content-Type"), comment)
        // The departure: a redirect to the path with its slashes is relative.
        let location = headers?.text("Location").map { $0.replacing(/^http:\/\/localhost/, with: "") }
        #expect(response.headers[.location] == location, comment)
        #expect(response.headers[.vary] == headers?.text("Vary"), comment)
        if let allow = expected.fields["allow"] as? [String] {
            #expect(response.headers[.allow] == allow.joined(separator: ", "), comment)
        }
        if let body = expected.bytes("body") {
            // The departure: a name is escaped.
            let text = String(decoding: body, as: UTF8.self)
            let isEscaped = response.text != text
            #expect(Self.unescaped(response.text) == text, comment)
            if !isEscaped || isHead {
                #expect(response.headers[.contentLength] == headers?.text("Content-Length"), comment)
            }
        }
        #expect(response.headers[values: .setCookie] == expected.fields["set_cookie"] as? [String], comment)
    }

    private static func unescaped(_ text: String) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&#34;", "\""), ("&amp;", "&")]
            .reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }

    private static func isUnreadable(_ cookie: String?, _ transcript: FixtureCase, _ step: FixtureCase) -> Bool {
        guard let cookie, let keys = transcript.keys,
            let configuration = try? SessionConfiguration(flaskSettings: transcript.object("config")),
            let token = CookieHeader([cookie]).first(configuration.cookie.name)
        else { return false }
        let coder = FlaskTokenCoder(keys: keys, maximumAge: configuration.lifetime.idleSeconds, clockSkew: 0)
        do throws(TokenError) {
            _ = try coder.decode(ArraySlice(token.utf8), now: step.number("at") ?? 0)
            return false
        } catch {
            return error.kind == .badPayload
        }
    }
}

extension TestClient {
    /// Puts a `name=value` into the jar.
    fileprivate func keep(_ cookie: String) {
        self.cookies.store("\(cookie); Path=/")
    }
}
