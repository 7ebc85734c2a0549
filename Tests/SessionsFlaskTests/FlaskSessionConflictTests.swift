// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// Requests that meet on one shared session: there is no version to compare, and still nothing comes back that has
/// ended.
@Suite struct FlaskSessionConflictTests {
    @Test func theLaterOfTwoChangesWins() async throws {
        let site = try FlaskSessionSite()
        var visitor = try await site.signedIn()
        let (first, second) = (try await visitor.open(), try await visitor.open())
        first["a"] = 1
        second["b"] = 2
        try await visitor.commit(first)
        try await visitor.commit(second)
        #expect(try await visitor.open().entries == ["_permanent": true, "user": "alice", "b": 2])
    }

    @Test func aRequestThatOnlyReadsUndoesNothing() async throws {
        let site = try FlaskSessionSite()
        var visitor = try await site.signedIn()
        let reader = try await visitor.open()
        _ = reader["user"]
        try await visitor.visit { $0["n"] = 1 }
        try await visitor.commit(reader)
        #expect(try await visitor.look("n") == 1)
    }

    @Test(arguments: [false, true])
    func loggingOutWinsOverRequestsInFlight(_ moves: Bool) async throws {
        let changes: [(Session) -> Void] = [{ _ in }, { $0["n"] = 1 }, { $0.renew() }]
        for change in changes {
            let site = try FlaskSessionSite()
            var visitor = try await site.signedIn()
            let (session, key) = (try await visitor.open(), FlaskSessionSite.key(of: visitor))
            change(session)
            var other = visitor
            try await other.visit { if moves { $0.renew() } else { $0.destroy() } }
            let headers = try await visitor.commit(session)
            #expect(headers.setCookie == nil)
            #expect(site.storage[key] == nil)
            #expect(site.storage.keys.count == (moves ? 1 : 0))
        }
    }

    @Test func ofManyRenewalsOneHappens() async throws {
        let site = try FlaskSessionSite()
        let visitor = try await site.signedIn()
        let count = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                let session = try await visitor.open()
                session.renew()
                group.addTask { try await site.sessions.commit(session).setCookie != nil }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(count == 1)
        #expect(site.storage.keys.count == 1)
    }

    @Test func aClientThatHangsUpHasItsChangesSaved() async throws {
        let site = try FlaskSessionSite()
        let visitor = try await site.signedIn()
        let session = try await visitor.open()
        session["n"] = 1
        let commit = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await site.sessions.commit(session)
        }
        try await commit.value
        #expect(try await visitor.look("n") == 1)
    }
}
