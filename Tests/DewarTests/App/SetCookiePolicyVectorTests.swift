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

/// `set_cookie_policy.json`: when Flask sends, deletes and refreshes a cookie, and what it puts into `Vary`.
@Suite struct SetCookiePolicyVectorTests {
    @Test func everyResponseSaysOfItsSessionWhatFlaskSays() async throws {
        for test in try Fixtures.cases("set_cookie_policy", "cases") {
            guard let configuration = Self.configuration(test) else {
                // A departure: a SameSite that cannot be is refused when the application starts.
                #expect(test.object("config")?.has("SESSION_COOKIE_SAMESITE") == true, "\(test.name)")
                continue
            }
            for request in test.list("requests") {
                try await Self.run(request, of: test, configuration: configuration)
            }
        }
    }

    private static func configuration(_ test: FixtureCase) -> SessionConfiguration? {
        try? SessionConfiguration(flaskSettings: test.object("config"))
    }

    private static func run(
        _ request: FixtureCase, of test: FixtureCase, configuration: SessionConfiguration
    ) async throws {
        let script = SessionScript(request)
        let client = try Self.app(test, request, script: script, configuration: configuration).testClient()
        var headers = HTTPFields()
        if let cookie = request.text("cookie_header") { headers[.cookie] = cookie }
        let method = HTTPRequest.Method(rawValue: request.text("method") ?? "GET") ?? .get
        let response = try await client.send(method, request.text("path") ?? "/run", headers: headers)
        try Self.check(response, request: request, script: script, name: test.name)
    }

    /// The application of the vectors: `/run` runs the operations.
    private static func app(
        _ test: FixtureCase, _ request: FixtureCase, script: SessionScript, configuration: SessionConfiguration
    ) throws -> App {
        let clock = ManualClock(
            Date(
                timeIntervalSince1970: Double(request.number("now") ?? 0)
                    + Double(request.number("microseconds") ?? 0) / 1e6))
        let keys = test.keys
        let app = App(
            secretKey: keys?.current, secretKeyFallbacks: keys?.fallbacks ?? [], sessions: configuration,
            clock: clock.sessionClock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        app.beforeRequest { request in
            script.attach(request.session)
            return nil
        }
        app.get("/run") { request in try script.run(request.session) }
        return app
    }

    private static func check(
        _ response: TestResponse, request: FixtureCase, script: SessionScript, name: String
    ) throws {
        let expected = request.object("expect") ?? FixtureCase(fields: [:])
        #expect(request.has("expect"))
        let comment = Comment(rawValue: name)
        if script.wasRefused {
            // A departure: Python's exception can be caught by the view, Swift's subscripts cannot throw, so that a
            // change without a secret key fails the whole request.
            #expect(response.status == .internalServerError, comment)
        } else {
            #expect(response.status.code == expected.number("status"), comment)
        }
        let cookies = response.headers[values: .setCookie]
        let other = expected.fields["other_set_cookie"] as? [String] ?? []
        #expect(cookies == other + [expected.text("set_cookie")].compactMap { $0 }, comment)
        #expect(response.headers[.vary] == expected.text("vary"), comment)
        try script.check(expected, comment: comment)
    }
}
