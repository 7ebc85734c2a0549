// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// Somebody comes with a cookie that was renewed long ago. (That it ends the session, on every store: ReplayChecks.)
@Suite struct StoreReplayTests {
    /// A site whose visitor has signed in, a copy of the cookie from before, and the time after the grace.
    private static func site(
        _ store: any SessionStore = MemoryStore(), _ change: (inout SessionConfiguration) -> Void = { _ in }
    ) async throws -> (site: StoreSite, owner: SiteVisitor, thief: SiteVisitor) {
        let site = try StoreSite(store, change)
        var owner = try await site.signedIn()
        let thief = owner
        try await owner.visit { $0.signIn(as: "alice") }
        site.clock.advance(by: .milliseconds(30_001))
        return (site, owner, thief)
    }

    @Test func theEventSaysWhoseSessionItWasAndTheLogWhich() async throws {
        let (site, owner, thief) = try await Self.site()
        let id = try #require(try await owner.open().id)
        let events = site.sessions.events
        #expect(try await thief.open().isNew)
        #expect(
            events.takeAll() == [SessionEvent(.replayed, time: site.clock.now, sessionID: id, user: "alice")])
        #expect(site.log.text.contains("a replaced session cookie was used again"))
        #expect(site.log.text.contains("\(id)"))
        #expect(site.log.warnings == 1)
        #expect(try await site.sessions.activeSessions(of: "alice").isEmpty)
        // From now on it is one of many unknown cookies.
        #expect(try await thief.open().isNew)
        #expect(events.takeAll().map(\.kind) == [.rejected(.unknownSession)])
    }

    @Test func aThiefWhoKeepsTheSessionAliveIsFoundByItsOwner() async throws {
        let site = try StoreSite { $0.renewalInterval = .seconds(600) }
        let owner = try await site.signedIn()
        var thief = owner
        site.clock.advance(by: .seconds(600))
        try await thief.visit()
        site.clock.advance(by: .milliseconds(30_001))
        #expect(try await owner.look("user") == nil)
        #expect(try await thief.look("user") == nil)
    }

    @Test func aMadeUpSecretEndsNothing() async throws {
        let (site, owner, _) = try await Self.site()
        let id = try #require(try await owner.open().id)
        let coder = SessionTicketCoder(keys: StoreSite.keys, cookieName: "__Host-session")
        let ticket = SessionTicket(id: id, secret: SessionSecret(using: .system))
        let events = site.sessions.events
        #expect(try await site.visitor(cookie: "__Host-session=" + coder.encode(ticket)).open().isNew)
        #expect(events.takeAll().map(\.kind) == [.rejected(.wrongSecret)])
        #expect(try await owner.look("user") == "alice")
    }

    @Test func whatIsRememberedOfTheSecretOpensNothing() async throws {
        let (site, owner, _) = try await Self.site()
        let record = try #require(try await site.record(of: owner))
        let hash = try #require(record.previousSecretHash)
        let coder = SessionTicketCoder(keys: StoreSite.keys, cookieName: "__Host-session")
        let ticket = SessionTicket(id: record.id, secret: SessionSecret(bytes: hash[...]))
        #expect(try await site.visitor(cookie: "__Host-session=" + coder.encode(ticket)).open().isNew)
        #expect(try await owner.look("user") == "alice")
    }

    @Test func aRequestOfTheOwnerInFlightIsDropped() async throws {
        let (site, owner, thief) = try await Self.site()
        var late = owner
        let request = try await late.open()
        request["n"] = 1
        _ = try await thief.open()
        #expect(try await late.commit(request).setCookie == nil)
        #expect(site.log.text.contains("changes to a session that has ended were dropped"))
    }

    @Test func aStoreOutOfReachEndsNothingAndTellsNothing() async throws {
        let (site, owner, thief) = try await Self.site()
        let events = site.sessions.events
        site.outages.mode = .readOnly
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await thief.open() }
        site.outages.mode = .working
        #expect(events.takeAll().isEmpty)
        #expect(try await owner.look("user") == "alice")
        // It is not forgotten.
        #expect(try await thief.open().isNew)
        #expect(try await owner.look("user") == nil)
    }

    @Test func toAnAnonymousVisitorAnOutageIsNoFailureEither() async throws {
        let (site, owner, thief) = try await Self.site { $0.outagePolicy = .anonymous }
        site.outages.mode = .readOnly
        #expect(try await thief.look("user") == nil)
        site.outages.mode = .working
        #expect(try await owner.look("user") == "alice")
    }

    @Test func aThiefWhoHangsUpDoesNotGetAway() async throws {
        let store = TroubledStore(.hangsUpAfterReading, isOn: false)
        let (_, owner, thief) = try await Self.site(store)
        store.turnOn()
        _ = await Task { try? await thief.open() }.value
        #expect(try await Task { try await owner.open().isNew }.value)
    }

    @Test func aRecordThatCannotBeRemovedIsDeadAllTheSame() async throws {
        let store = TroubledStore(.cannotRemove)
        let (site, owner, thief) = try await Self.site(store)
        let id = try #require(try await owner.open().id)
        let events = site.sessions.events
        #expect(try await thief.open().isNew)
        #expect(events.takeAll().map(\.kind) == [.replayed])
        #expect(site.log.text.contains("the session store failed"))
        for visitor in [owner, thief] { #expect(try await visitor.open().isNew) }
        #expect(events.takeAll().map(\.kind) == [.rejected(.wrongSecret), .rejected(.wrongSecret)])
        let dead = try #require(try await store.read(id, at: site.clock.now))
        #expect(dead.contents.isEmpty && dead.user == nil && dead.previousSecretHash == nil)
    }

    @Test func noGraceAtAllLeavesNoTime() async throws {
        let site = try StoreSite { $0.renewalGrace = .zero }
        var owner = try await site.signedIn()
        let thief = owner
        try await owner.visit { $0.renew() }
        #expect(try await thief.open().isNew)
        #expect(try await owner.look("user") == "alice")
        site.clock.advance(by: .milliseconds(1))
        #expect(try await thief.open().isNew)
        #expect(try await owner.look("user") == nil)
    }
}
