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

/// What the middleware makes of a store that is out of reach, of a limit, and of a browser's name.
@Suite struct StoredSessionMiddlewareTests {
    private let store = OutageStore(MemoryStore())

    private func sessions(limit: SessionLimit? = nil) throws -> SessionManager {
        var configuration = SessionConfiguration.flask
        configuration.store = self.store
        configuration.sessionLimit = limit
        return try SessionManager(keys: "a key for tests", configuration: configuration)
    }

    private func response(
        to path: String, headers: HTTPFields = [:], from sessions: SessionManager
    ) async throws -> TestResponse {
        let router = Router(context: BasicSessionRequestContext.self)
        router.add(middleware: SessionMiddleware(sessions))
        router.get("/sign-in") { _, context in
            try await context.session.signIn(as: "ada")
            return "ok"
        }
        router.get("/health") { _, _ in "healthy" }
        router.get("/look") { _, context in try await context.session.user ?? "nobody" }
        return try await Application(router: router).test(.router) { client in
            try await client.execute(uri: path, method: .get, headers: headers) { $0 }
        }
    }

    private func cookie(_ response: TestResponse) throws -> String {
        String(try #require(response.headers[.setCookie]).prefix { $0 != ";" })
    }

    @Test func aStoreOutOfReachIsA503AndNoNewSession() async throws {
        let sessions = try self.sessions()
        let cookie = try self.cookie(try await self.response(to: "/sign-in", from: sessions))
        self.store.mode = .unreachable
        // When it is opened, and when it is committed.
        for (path, headers) in [("/look", [.cookie: cookie]), ("/sign-in", [:])] as [(String, HTTPFields)] {
            let response = try await self.response(to: path, headers: headers, from: sessions)
            #expect(response.status == .serviceUnavailable, "\(path)")
            #expect(response.headers[.setCookie] == nil)
            #expect(response.headers[.retryAfter] == "5", "\(path)")
        }
        self.store.mode = .working
        let response = try await self.response(to: "/look", headers: [.cookie: cookie], from: sessions)
        #expect(String(buffer: response.body) == "ada")
    }

    @Test func aRouteThatNeverLooksReadsNoStoreAndIsAnsweredDuringAnOutage() async throws {
        let counting = CountingStore(self.store)
        var configuration = SessionConfiguration.flask
        configuration.store = counting
        let sessions = try SessionManager(keys: "a key for tests", configuration: configuration)
        let cookie = try self.cookie(try await self.response(to: "/sign-in", from: sessions))
        let reads = counting.readCount
        self.store.mode = .unreachable
        for (path, status) in [("/health", HTTPResponse.Status.ok), ("/nowhere", .notFound)] {
            let response = try await self.response(to: path, headers: [.cookie: cookie], from: sessions)
            #expect(response.status == status)
            #expect(response.headers[.vary] == nil)
        }
        #expect(counting.readCount == reads)
        self.store.mode = .working
        #expect(try await self.response(to: "/look", headers: [.cookie: cookie], from: sessions).status == .ok)
        #expect(counting.readCount == reads + 1)
    }

    @Test func aSignInOverTheLimitIsA403() async throws {
        let sessions = try self.sessions(limit: .refusingNewest(1))
        #expect(try await self.response(to: "/sign-in", from: sessions).status == .ok)
        let response = try await self.response(to: "/sign-in", from: sessions)
        #expect(response.status == .forbidden)
        #expect(response.headers[.setCookie] == nil)
        #expect(response.headers[.retryAfter] == nil)
        #expect(try await sessions.activeSessions(of: "ada").count == 1)
    }

    @Test func theBrowserNamesTheDevice() async throws {
        let sessions = try self.sessions()
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
        _ = try await self.response(to: "/sign-in", headers: [.userAgent: firefox], from: sessions)
        _ = try await self.response(to: "/sign-in", from: sessions)
        let labels = try await sessions.activeSessions(of: "ada").map(\.deviceLabel)
        #expect(Set(labels) == ["Firefox on Linux", nil])
    }
}
