// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// What sessions in a store tell of.
@Suite struct StoreEventTests {
    @Test func aWholeLife() async throws {
        let site = try StoreSite { $0.renewalInterval = .seconds(600) }
        let events = site.sessions.events
        var visitor = site.visitor()
        try await visitor.visit { $0["cart"] = 1 }
        let id = try #require(try await visitor.open().id)
        try await visitor.visit { $0.signIn(as: "alice") }
        try await visitor.visit { $0["cart"] = 2 }
        try await visitor.visit { $0.reauthenticate() }
        site.clock.advance(by: .seconds(600))
        try await visitor.visit()
        let (one, two) = (try await visitor.open(), try await visitor.open())
        one["one"] = 1
        two["two"] = 2
        try await visitor.commit(one)
        try await visitor.commit(two)
        try await visitor.visit { $0.signIn(as: "bob") }
        let late = try await visitor.open()
        late["late"] = true
        var leaving = visitor
        try await leaving.visit { $0.signOut() }
        try await visitor.commit(late)
        _ = try await visitor.open()
        let lines = events.takeAll().map { "\($0)".replacing("\(id)", with: "ID") }
        #expect(
            lines == [
                "created session=ID",
                #"renewed session=ID user="alice""#, #"signed_in session=ID user="alice""#,
                #"renewed session=ID user="alice""#, #"reauthenticated session=ID user="alice""#,
                #"renewed session=ID user="alice""#,
                #"conflict session=ID user="alice""#,
                #"renewed session=ID user="bob""#, #"signed_out session=ID user="alice""#,
                #"signed_in session=ID user="bob""#,
                #"signed_out session=ID user="bob""#, #"ended session=ID user="bob""#,
                #"dropped_write session=ID user="bob""#,
                "rejected reason=unknown_session session=ID",
            ])
    }

    @Test func anEventHasTheTimeAndTheDevice() async throws {
        let site = try StoreSite()
        let events = site.sessions.events
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
        let session = try await site.sessions.open([], userAgent: agent)
        session.signIn(as: "alice")
        site.clock.advance(by: .seconds(5))
        _ = try await site.sessions.commit(session)
        let signIn = try #require(events.takeAll().last)
        #expect(signIn.kind == .signedIn)
        #expect(signIn.time == site.clock.now)
        #expect(signIn.deviceLabel == "Firefox on Linux")
    }

    @Test func removingTheLastValueEndsASession() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let events = site.sessions.events
        try await visitor.visit { $0.pop("user") }
        #expect(events.takeLines() == ["ended nobody"])
    }

    @Test func revokedSessionsAreTold() async throws {
        let site = try StoreSite()
        var (first, second) = (site.visitor(), site.visitor())
        try await first.visit { $0.signIn(as: "alice") }
        try await second.visit { $0.signIn(as: "alice") }
        let id = try #require(try await first.open().id)
        let events = site.sessions.events
        try await site.sessions.revoke(id, of: "mallory")
        #expect(events.takeLines() == [])
        try await site.sessions.revoke(id, of: "alice")
        #expect(events.takeAll().map(\.sessionID) == [id])
        try await site.sessions.revokeAll(of: "alice")
        #expect(events.takeLines() == ["revoked alice"])
    }

    @Test func whoEndsASessionIsTold() async throws {
        let site = try StoreSite()
        var visitors = [site.visitor(), site.visitor(), site.visitor(), site.visitor()]
        for index in visitors.indices { try await visitors[index].visit { $0.signIn(as: "alice") } }
        let id = try #require(try await visitors[0].open().id)
        let events = site.sessions.events
        try await site.sessions.revoke(id, by: "admin")
        try await site.sessions.revokeOthers(than: visitors[1].open())
        try await site.sessions.revokeAll(of: "alice", by: "admin")
        #expect(events.takeAll().map(\.actor) == ["admin", "alice", "alice", "admin"])
        // What a visitor does has no actor, nor has what code ends without a name.
        try await visitors[0].visit { $0.signIn(as: "alice") }
        try await site.sessions.revokeAll(of: "alice")
        let others = events.takeAll()
        #expect(others.last?.kind == .revoked && others.allSatisfy { $0.actor == nil })
    }

    @Test func aCookieBeyondTheEndOfItsRecordIsToldAsExpired() async throws {
        let site = try StoreSite(TroubledStore(.keepsTheExpired))
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        let events = site.sessions.events
        site.clock.advance(by: .seconds(3600))
        #expect(try await visitor.open().isNew)
        #expect(events.takeLines() == ["expired alice"])
    }

    @Test func aSecretThatIsRefusedNamesTheSessionItWasFor() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        let copy = visitor
        try await visitor.visit { $0.renew() }
        let events = site.sessions.events
        _ = try await copy.open()
        let event = try #require(events.takeAll().first)
        #expect(event.kind == .rejected(.wrongSecret))
        #expect(event.user == "alice")
        #expect(try await visitor.open().id == event.sessionID)
    }

    @Test func whatWasNotWrittenIsNotTold() async throws {
        let site = try StoreSite()
        let visitor = try await site.signedIn()
        let events = site.sessions.events
        let changes: [(Session) -> Void] = [
            { $0["n"] = 1 }, { $0.signIn(as: "alice") }, { $0.renew() }, { $0.pop("user") }, { $0.signOut() },
        ]
        for change in changes {
            for session in [try await visitor.open(), try await site.sessions.open([])] {
                change(session)
                site.outages.mode = .readOnly
                var other = visitor
                _ = try? await other.commit(session)
                site.outages.mode = .working
            }
        }
        #expect(events.takeLines() == [])
        site.outages.mode = .unreachable
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.open() }
        #expect(events.takeLines() == [])
    }

    @Test func aRequestThatOnlyUsesItsSessionIsNoNews() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let events = site.sessions.events
        site.clock.advance(by: .seconds(1800))
        try await visitor.visit { _ = $0["user"] }
        #expect(events.takeLines() == [])
    }

    @Test func whatWasEndedStaysSoWhenWhatFollowsFails() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        let events = site.sessions.events
        await #expect(throws: SessionError(.unstorableValue, "")) {
            try await visitor.visit { session in
                session.destroy()
                session.signIn(as: "")
            }
        }
        #expect(events.takeLines() == ["signed_out alice", "ended alice"])
        #expect(try await visitor.open().user == nil)
    }
}
