// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import Dewar

/// The policy that says what runs on a page, and its nonce.
@Suite struct ContentSecurityPolicyTests {
    private func client(
        _ policy: ContentSecurityPolicy? = .strict, _ define: (App) -> Void = { _ in }
    ) throws -> TestClient {
        let app = App.forTests()
        app.contentSecurityPolicy = policy
        app.get("/plain") { _ in "plain" }
        app.get("/page") { request in
            let first = request.cspNonce
            return "<script \(nonce: request)>1</script><style nonce=\(first)></style>"
        }
        app.get("/own") { _ in
            var response: Response = "own"
            response.headers[.contentSecurityPolicy] = "default-src *"
            return response
        }
        app.get("/broken") { request in
            _ = request.cspNonce
            throw Mishap()
        }
        app.get("/unchanged") { request in
            _ = request.cspNonce
            return Response(status: .notModified)
        }
        app.templates = Templates(["page": "<script nonce=\"{{cspNonce}}\"></script>"])
        app.get("/template") { _ in try render("page") }
        define(app)
        return try app.testClient()
    }

    private static let frames = "frame-ancestors 'self'"
    private static let withoutNonce =
        "default-src 'self'; script-src 'strict-dynamic'; style-src 'self'; object-src 'none'; base-uri 'none'; "
        + "form-action 'self'"

    private static func nonce(in text: String) throws -> String {
        let start = try #require(text.firstRange(of: "nonce=\"")).upperBound
        return String(text[start...].prefix { $0 != "\"" })
    }

    @Test(arguments: ["/page", "/template"])
    func thePageAndTheFieldHaveOneNonceAndEachRequestAnother(path: String) async throws {
        let client = try self.client()
        var seen: Set<String> = []
        for _ in 0..<20 {
            let response = try await client.get(path)
            let nonce = try Self.nonce(in: response.text)
            #expect(nonce.utf8.count == 22)
            #expect(response.text.components(separatedBy: nonce).count == (path == "/page" ? 3 : 2))
            let policy = Self.withoutNonce
                .replacing("script-src", with: "script-src 'nonce-\(nonce)'")
                .replacing("style-src 'self'", with: "style-src 'self' 'nonce-\(nonce)'")
            #expect(response.headers[values: .contentSecurityPolicy] == [policy, Self.frames])
            seen.insert(nonce)
        }
        #expect(seen.count == 20)
    }

    @Test(arguments: ["/plain", "/missing", "/refused"])
    func withoutAScriptThereIsNoNonce(path: String) async throws {
        let client = try self.client { app in
            app.get("/refused") { _ in try abort(403) }
        }
        let response = try await client.get(path)
        #expect(response.headers[values: .contentSecurityPolicy] == [Self.withoutNonce, Self.frames])
    }

    @Test func anErrorPageHasIt() async throws {
        let response = try await self.client().get("/broken")
        #expect(response.status == .internalServerError)
        #expect(response.headers[values: .contentSecurityPolicy].first?.contains("'nonce-") == true)
    }

    @Test func whatAHandlerSetsStays() async throws {
        let response = try await self.client().get("/own")
        #expect(response.headers[values: .contentSecurityPolicy] == ["default-src *", Self.frames])
    }

    @Test func aResponseThatHasNotChangedKeepsTheStoredPolicy() async throws {
        #expect(try await self.client().get("/unchanged").headers[.contentSecurityPolicy] == nil)
        #expect(try await self.client(nil).get("/unchanged").headers[.contentSecurityPolicy] == nil)
    }

    @Test func withoutAPolicyThereIsNone() async throws {
        let response = try await self.client(nil).get("/page")
        #expect(response.headers[values: .contentSecurityPolicy] == [Self.frames])
        #expect(response.text == "<script nonce=\"\">1</script><style nonce=></style>")
    }

    @Test func aPolicyMayOnlyReport() async throws {
        var policy: ContentSecurityPolicy = "script-src 'self'"
        policy.isReportOnly = true
        let response = try await self.client(policy).get("/plain")
        #expect(response.headers[.contentSecurityPolicyReportOnly] == "script-src 'self'")
        #expect(response.headers[values: .contentSecurityPolicy] == [Self.frames])
    }

    @Test(arguments: [
        ("script-src 'nonce'", "script-src 'nonce-n'", "script-src 'none'"),
        ("script-src 'nonce' a; sandbox", "script-src 'nonce-n' a; sandbox", "script-src a; sandbox"),
        ("default-src\n  'self';\n  img-src *;", "default-src 'self'; img-src *;", "default-src 'self'; img-src *"),
        ("", "", ""),
    ])
    func aPolicyIsWrittenWithAndWithoutANonce(text: String, with: String, without: String) {
        let policy = ContentSecurityPolicy(text)
        #expect(policy.value(nonce: "n") == with && policy.value(nonce: nil) == without)
    }
}
