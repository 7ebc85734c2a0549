// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Sessions
import SessionsHummingbird
import SessionsTesting
import TestSupport
import Testing

/// What a browser asks for before the visitor goes there changes no session.
@Suite struct PrefetchTests {
    private struct HandlerFailure: Error {}

    private let store = MemoryStore()
    private let sessions: SessionManager

    init() throws {
        var configuration = SessionConfiguration.flask
        configuration.store = self.store
        self.sessions = try SessionManager(keys: "a key for tests", configuration: configuration)
    }

    private func response(
        to path: String, purpose: String? = nil, cookie: String? = nil
    ) async throws -> TestResponse {
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: SessionMiddleware(self.sessions))
        router.get("/count") { _, context in
            "\(try await context.session.update("n", default: 0) { $0 += 1 })"
        }
        router.get("/look") { _, context in "\(try await context.session["n"] ?? 0)" }
        router.get("/logout") { _, context in
            try await context.session.signOut()
            return "bye"
        }
        router.get("/fail") { _, context -> String in
            try await context.session["n"] = 100
            throw HandlerFailure()
        }
        router.get("/static") { _, _ in "a {}" }
        let name = try #require(HTTPField.Name("Sec-Purpose"))
        let headers = HTTPFields(
            [(.cookie, cookie), (name, purpose)].compactMap { name, value in
                value.map { HTTPField(name: name, value: $0) }
            })
        return try await Application(router: router).test(.router) { client in
            try await client.execute(uri: path, method: .get, headers: headers) { $0 }
        }
    }

    private func cookie() async throws -> String {
        let line = try #require(try await self.response(to: "/count").headers[.setCookie])
        return String(line.prefix { $0 != ";" })
    }

    @Test(
        arguments: ["prefetch", "prefetch;prerender", "prefetch;anonymous-client-ip"],
        ["/count", "/logout", "/fail"])
    func whatWouldChangeTheSessionIsRefused(purpose: String, path: String) async throws {
        let cookie = try await self.cookie()
        let refused = try await self.response(to: path, purpose: purpose, cookie: cookie)
        #expect(refused.status == .serviceUnavailable)
        #expect(refused.headers[.cacheControl] == "no-store")
        #expect(refused.headers[.setCookie] == nil)
        #expect(String(buffer: refused.body) == "")
        #expect(String(buffer: try await self.response(to: "/look", cookie: cookie).body) == "1")
    }

    @Test func noSessionBegins() async throws {
        let refused = try await self.response(to: "/count", purpose: "prefetch")
        #expect(refused.status == .serviceUnavailable && refused.headers[.setCookie] == nil)
    }

    @Test(arguments: ["/look", "/static"])
    func whatOnlyReadsIsAnswered(path: String) async throws {
        let cookie = try await self.cookie()
        let page = try await self.response(to: path, purpose: "prefetch", cookie: cookie)
        #expect(page.status == .ok)
        #expect(page.headers[.vary] == (path == "/look" ? "Cookie" : nil))
    }

    @Test(arguments: [nil, "", "other", "prefetching", "x;prefetch"])
    func otherPurposesChangeIt(purpose: String?) async throws {
        let cookie = try await self.cookie()
        #expect(String(buffer: try await self.response(to: "/count", purpose: purpose, cookie: cookie).body) == "2")
    }
}
