// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

@Suite struct StoreBackendTests {
    @Test(arguments: [
        "", "x", ".", "..", "a.b", "a.b.c", "%00", "\"quoted\"", "null", "0", "é", String(repeating: "A", count: 64),
        String(repeating: "A", count: 64) + "." + String(repeating: "A", count: 43),
        String(repeating: ".", count: 4000),
    ])
    func junkNeverReachesTheStore(value: String) async throws {
        let site = try StoreSite()
        var visitor = site.visitor(cookie: "__Host-session=\(value)")
        let session = try await visitor.open()
        #expect(session.isNew && session.isEmpty)
        try await visitor.commit(session)
        #expect(site.store.callCount == 0)
    }

    @Test func aRequestThatChangesNothingWritesNothing() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        let headers = try await visitor.visit { _ = $0["user"] }
        #expect(headers.setCookie == nil)
        #expect(site.store.callCount == 0)
        visitor = try await site.signedIn()
        let before = site.store.callCount
        try await visitor.visit { _ = $0["user"] }
        #expect(site.store.callCount == before + 1)
    }

    @Test func changesToASessionThatHasEndedAreDroppedAndReported() async throws {
        let site = try StoreSite()
        let visitor = try await site.signedIn()
        let id = try #require(try await visitor.open().id)
        var (leaving, late) = (visitor, visitor)
        let request = try await late.open()
        request["n"] = 1
        try await leaving.visit { $0.destroy() }
        let headers = try await late.commit(request)
        #expect(headers.setCookie == nil)
        #expect(site.log.text.contains("changes to a session that has ended were dropped"))
        #expect(site.log.text.contains("\(id)"))
        #expect(try await site.store.read(id, at: site.clock.now) == nil)
    }

    @Test func noHandSetsADestroyedSessionBackToUnmodified() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let id = try #require(try await visitor.open().id)
        try await visitor.visit { session in
            session.destroy()
            session.isModified = false
        }
        #expect(visitor.cookie == nil)
        #expect(try await site.store.read(id, at: site.clock.now) == nil)
    }

    @Test func changesOfARequestThatOutlivesItsSessionAreDropped() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let request = try await visitor.open()
        request["n"] = 1
        site.clock.advance(by: .seconds(3600))
        #expect(try await visitor.commit(request).setCookie == nil)
        #expect(site.log.text.contains("changes to a session that has ended were dropped"))
    }

    @Test func aCommitInACancelledTaskIsSaved() async throws {
        let site = try StoreSite(CancellableStore())
        let visitor = try await site.signedIn()
        let session = try await visitor.open()
        session["n"] = 1
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            #expect(Task.isCancelled)
            return try await site.sessions.commit(session)
        }
        _ = try await task.value
        #expect(try await visitor.look("n") == 1)
    }

    @Test func aValueThatCannotBeStoredChangesNothing() async throws {
        struct Unencodable: Codable {
            func encode(to encoder: any Encoder) throws { throw CancellationError() }
        }
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let session = try await visitor.open()
        session["n"] = 1
        session["value", default: Unencodable()] = Unencodable()
        await #expect(throws: SessionError(.unstorableValue, "")) { try await visitor.commit(session) }
        #expect(try await visitor.open().entries == ["user": "alice"])
    }
}
