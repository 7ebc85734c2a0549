// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import SessionsHummingbird
import Testing

/// The headers that protect pages, in plain Hummingbird.
@Suite struct SecurityHeadersMiddlewareTests {
    private static func headers(
        _ path: String, middleware: SecurityHeadersMiddleware<BasicSessionRequestContext>
    ) async throws -> HTTPFields {
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: middleware)
        router.get("/") { _, _ in "ok" }
        router.get("/unchanged") { _, _ in Response(status: .notModified) }
        router.get("/own") { _, _ in Response(status: .ok, headers: [.xContentTypeOptions: "own"]) }
        return try await Application(router: router).test(.router) { client in
            try await client.execute(uri: path, method: .get) { $0.headers }
        }
    }

    @Test(arguments: ["/", "/missing"])
    func everyAnswerHasThem(path: String) async throws {
        let headers = try await Self.headers(path, middleware: SecurityHeadersMiddleware())
        #expect(headers[.xContentTypeOptions] == "nosniff")
        #expect(headers[.contentSecurityPolicy] == "frame-ancestors 'self'")
        #expect(headers[try #require(HTTPField.Name("Referrer-Policy"))] == "strict-origin-when-cross-origin")
        #expect(headers[.strictTransportSecurity] == nil)
    }

    @Test func overHTTPSTheBrowserIsToStayThere() async throws {
        let headers = try await Self.headers("/", middleware: SecurityHeadersMiddleware { _, _ in true })
        #expect(headers[.strictTransportSecurity] == "max-age=31536000")
    }

    /// A cache would put them in the place of the stored page's policy.
    @Test func aResponseThatHasNotChangedHasNoPolicy() async throws {
        let headers = try await Self.headers("/unchanged", middleware: SecurityHeadersMiddleware())
        #expect(headers[.xContentTypeOptions] == "nosniff" && headers[.contentSecurityPolicy] == nil)
    }

    @Test func whatAHandlerSetsStays() async throws {
        let headers = try await Self.headers("/own", middleware: SecurityHeadersMiddleware())
        #expect(headers[values: .xContentTypeOptions] == ["own"])
    }
}
