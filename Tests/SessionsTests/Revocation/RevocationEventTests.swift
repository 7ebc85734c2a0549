// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// What a list of revocations tells of.
@Suite struct RevocationEventTests {
    @Test func aReplayedCookieIsTold() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let thief = visitor
        let id = try await thief.open().id
        try await visitor.visit { $0.renew() }
        site.clock.advance(by: .seconds(31))
        let events = site.sessions.events
        #expect(try await site.user(of: thief) == nil)
        let told = events.takeAll()
        #expect(told.map(\.kind) == [.replayed, .rejected(.revoked)])
        #expect(told.allSatisfy { $0.sessionID != nil && $0.user == "ada" })
        #expect(told.first?.sessionID == id && told.first?.user == "ada")
    }

    @Test func sessionsThatAreEndedFromOutsideAreTold() async throws {
        let site = try RevocationSite()
        let visitor = try await site.signedIn()
        let id = try #require(try await visitor.open().id)
        let events = site.sessions.events
        try await site.sessions.revoke(id)
        try await site.sessions.revoke(id)
        try await site.sessions.revokeAll(of: "ada")
        let told = events.takeAll()
        #expect(told.map(\.kind) == [.revoked, .revoked])
        #expect(told.map(\.sessionID) == [id, nil] && told.map(\.user) == [nil, "ada"])
    }

    @Test func aSessionThatHasEndedItselfEndsNoOtherAndTellsNothing() async throws {
        let site = try RevocationSite()
        let visitor = try await site.signedIn()
        let session = try await visitor.open()
        #expect(session.user == "ada")
        try await site.sessions.revokeAll(of: "ada")
        let events = site.sessions.events
        try await site.sessions.revokeOthers(than: session)
        #expect(events.takeAll().isEmpty)
    }

    @Test func aWriteThatIsDroppedIsTold() async throws {
        let site = try RevocationSite()
        var (visitor, late) = (try await site.signedIn(), try await site.signedIn())
        late = visitor
        let session = try await late.open()
        session["n"] = 1
        try await visitor.visit { $0.destroy() }
        let events = site.sessions.events
        #expect(try await late.commit(session).setCookie == nil)
        #expect(events.takeAll().map(\.kind) == [.droppedWrite])
    }

    /// It came before the sign-in, and showed the last message that there was.
    @Test func aRequestFromBeforeASignInEndsNothing() async throws {
        let site = try RevocationSite()
        var visitor = site.visitor()
        try await visitor.visit { $0.flash("Please sign in.") }
        var late = visitor
        let session = try await late.open()
        #expect(session.flashedMessages().count == 1)
        try await visitor.visit { $0.signIn(as: "ada") }
        #expect(try await late.commit(session).setCookie == nil)
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test func whatWasEndedStaysSoWhenWhatFollowsFails() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let copy = visitor
        await #expect(throws: SessionError(.unstorableValue, "")) {
            try await visitor.visit { session in
                session.destroy()
                session.signIn(as: "")
            }
        }
        #expect(try await site.user(of: copy) == nil)
    }

    /// Another process, which has not heard of it, cannot carry a session over the end of all.
    @Test func aSessionThatAnotherProcessHasEndedCannotEndTheOthers() async throws {
        let (store, clock) = (MemoryStore(), ManualClock())
        let first = try RevocationSite(RevocationSite.shared(store), clock: clock)
        let second = try RevocationSite(RevocationSite.shared(store), clock: clock)
        let owner = try await first.signedIn()
        var thief = SiteVisitor(second.sessions, cookie: owner.cookie, logger: second.log.logger)
        let session = try await thief.open()
        #expect(session.user == "ada")
        clock.advance(by: .seconds(1))
        try await first.sessions.revokeAll(of: "ada")
        try await second.sessions.revokeOthers(than: session)
        #expect(try await thief.commit(session).setCookie == nil)
    }
}
