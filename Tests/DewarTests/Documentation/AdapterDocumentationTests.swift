// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Sessions
import TestSupport
import Testing

/// The adapter of docs/SERVERS.md keeps what it promises.
@Suite struct AdapterDocumentationTests {
    private let engine = OutageStore(MemoryStore())

    private func answer(_ cookie: String? = nil) async throws -> (HTTPResponse, String) {
        var configuration = SessionConfiguration.flask
        configuration.store = self.engine
        let sessions = try SessionManager(keys: "a key for the adapter, long enough", configuration: configuration)
        var request = HTTPRequest(method: .get, scheme: nil, authority: "site.test", path: "/")
        request.headerFields[.cookie] = cookie
        return await Site(sessions: sessions).answer(request)
    }

    @Test func aSessionComesBackWithItsCookie() async throws {
        let (first, page) = try await self.answer()
        #expect(page == "You were here 1 times.")
        #expect(first.headerFields[.vary] == "Cookie")
        let cookie = try #require(first.headerFields[.setCookie]?.split(separator: ";").first)
        #expect(try await self.answer(String(cookie)).1 == "You were here 2 times.")
    }

    @Test func aStoreThatCannotBeReachedIsAnError() async throws {
        let cookie = try #require(try await self.answer().0.headerFields[.setCookie]?.split(separator: ";").first)
        self.engine.mode = .unreachable
        let (response, page) = try await self.answer(String(cookie))
        #expect(response.status == .serviceUnavailable)
        #expect(page == "")
        #expect(response.headerFields[.setCookie] == nil)
    }
}
