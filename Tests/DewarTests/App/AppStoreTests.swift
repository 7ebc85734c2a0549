// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import DewarTesting
import SessionsTesting
import Synchronization
import TestSupport
import Testing

/// What an application makes of a store that is out of reach, and of a sign-in over the limit.
@Suite struct AppStoreTests {
    private let store = OutageStore(MemoryStore())

    private func app(limit: SessionLimit? = nil, log: LogRecorder = LogRecorder()) -> App {
        var configuration = SessionConfiguration.flask
        configuration.store = self.store
        configuration.sessionLimit = limit
        let app = App.forTests(sessions: configuration, log: log)
        app.get("/sign-in") { request in
            request.session.signIn(as: "ada")
            return "ok"
        }
        app.get("/look") { request in "\(request.session.user)" }
        app.get("/devices") { _ in "\(try await app.sessions.activeSessions(of: "ada").count)" }
        return app
    }

    /// Also one that nobody visits: `docs/STORES.md` says that an application purges in a service of its own.
    @Test func aServerPurgesItsStoreWithoutARequest() async throws {
        let store = MemoryStore()
        // Of the year 2023.
        #expect(store.write(SampleRecords.record(expiresIn: 1), replacing: nil, at: SampleRecords.now))
        var configuration = SessionConfiguration.stored(in: store)
        configuration.purge = OneRound().schedule
        try await withServer(sessions: configuration) { _ in
            try await eventually("the expired session goes") { store.count == 0 }
        }
    }

    @Test func aStoreOutOfReachIsA503AndNoNewSession() async throws {
        let client = try self.app().testClient()
        try await client.get("/sign-in")
        self.store.mode = .unreachable
        for target in ["/look", "/sign-in"] {
            let response = try await client.get(target)
            #expect(response.status == .serviceUnavailable)
            #expect(response.headers[.setCookie] == nil)
            #expect(response.text.contains("try again"))
            #expect(response.headers[.retryAfter] == "5")
        }
        self.store.mode = .working
        #expect(try await client.get("/look").text == "ada")
    }

    @Test func anOutageThatAHandlerMeetsIsA503Too() async throws {
        let log = LogRecorder()
        let client = try self.app(log: log).testClient()
        self.store.mode = .unreachable
        let response = try await client.get("/devices")
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers[.retryAfter] == "5")
        #expect(log.text.contains("unhandled error"))
    }

    @Test func aSignInOverTheLimitIsA403() async throws {
        let log = LogRecorder()
        let app = self.app(limit: .refusingNewest(1), log: log)
        try await app.testClient().get("/sign-in")
        let response = try await app.testClient().get("/sign-in")
        #expect(response.status == .forbidden)
        #expect(response.headers[.setCookie] == nil)
        #expect(response.text.contains("on as many devices as this site allows"))
        #expect(try await app.sessions.activeSessions(of: "ada").count == 1)
        #expect(log.warnings == 0)
    }

    @Test func aSessionThatCannotBeCommittedHasThePageOfTheApplication() async throws {
        let app = self.app(limit: .refusingNewest(1))
        app.errorHandler(403) { request, error in
            Response(
                "<p>\(request.path): \((error as? SessionError)?.kind == .sessionLimitReached)</p>", status: .forbidden)
        }
        app.errorHandler(503) { _, _ in Response("<p>closed</p>", status: .serviceUnavailable) }
        try await app.testClient().get("/sign-in")
        let refused = try await app.testClient().get("/sign-in")
        #expect(refused.text == "<p>/sign-in: true</p>")
        #expect(refused.headers[.vary] == "Cookie")
        self.store.mode = .unreachable
        let closed = try await app.testClient().get("/sign-in")
        #expect(closed.text == "<p>closed</p>")
        #expect(closed.headers[.retryAfter] == "5")
        #expect(closed.headers[.setCookie] == nil)
    }
}

/// A schedule whose first round comes at once, and whose second never.
private final class OneRound: Sendable {
    private let isOver = Mutex(false)

    var schedule: PurgeSchedule {
        PurgeSchedule(interval: .seconds(60), batch: 10) { _ in
            let isFirst = self.isOver.withLock { isOver in
                defer { isOver = true }
                return !isOver
            }
            guard !isFirst else { return }
            // Until the task is cancelled.
            let (rounds, continuation) = AsyncStream.makeStream(of: Void.self)
            for await _ in rounds {}
            continuation.finish()
        }
    }
}
