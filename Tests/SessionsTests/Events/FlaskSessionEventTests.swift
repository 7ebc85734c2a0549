// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// What sessions tell of that are shared with Flask-Session: never their ids, which are their secrets.
@Suite struct FlaskSessionEventTests {
    @Test func aWholeLife() async throws {
        let site = try FlaskSessionSite()
        let events = site.sessions.events
        var visitor = site.visitor()
        try await visitor.visit { $0["cart"] = 1 }
        try await visitor.visit { $0.signIn(as: "alice") }
        try await visitor.visit { $0["cart"] = 2 }
        try await visitor.visit { $0.reauthenticate() }
        let late = try await visitor.open()
        late["late"] = true
        var leaving = visitor
        try await leaving.visit { $0.signOut() }
        try await visitor.commit(late)
        _ = try await visitor.open()
        let all = events.takeAll()
        #expect(
            all.map { "\($0)" } == [
                "created", #"renewed user="alice""#, #"signed_in user="alice""#, #"renewed user="alice""#,
                #"reauthenticated user="alice""#, #"signed_out user="alice""#, #"ended user="alice""#,
                #"dropped_write user="alice""#, "rejected reason=unknown_session",
            ])
        #expect(all.allSatisfy { $0.sessionID == nil && $0.time == site.clock.now })
    }

    @Test func whatWasNotWrittenIsNotTold() async throws {
        let site = try FlaskSessionSite()
        var visitor = try await site.signedIn()
        let events = site.sessions.events
        let changes: [(Session) -> Void] = [
            { $0["n"] = 1 }, { $0.signIn(as: "alice") }, { $0.renew() }, { $0.pop("user") }, { $0.signOut() },
        ]
        for change in changes {
            let session = try await visitor.open()
            change(session)
            site.storage.mode = .readOnly
            await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
            site.storage.mode = .working
        }
        #expect(events.takeLines() == [])
    }

    @Test func ofTwoThatSignOutOneTells() async throws {
        let site = try FlaskSessionSite()
        var visitor = try await site.signedIn()
        let (first, second) = (try await visitor.open(), try await visitor.open())
        let events = site.sessions.events
        for session in [first, second] {
            session.signOut()
            try await visitor.commit(session)
        }
        #expect(events.takeLines() == ["ended nobody"])
    }
}
