// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A session moves into the store in one process while another process ends it.
@Suite struct MoveRevocationTests {
    private let clock = ManualClock()
    private let lists = OutageStore(MemoryStore())
    private let store: any SessionStore = MemoryStore()

    /// A process that keeps sessions in their cookies, with its own memory of the list.
    private func before() throws -> RevocationSite {
        try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock)
    }

    /// A process that moves them into the store.
    private func process() throws -> RevocationSite {
        try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = [.sealed]
        }
    }

    private func stored() async throws -> [SessionID] {
        try await self.store.ids(ofUser: "ada", at: self.clock.now)
    }

    @Test(
        arguments: [
            { site, _ in try await site.sessions.revokeAll("ada") }, { _, owner in try await owner.signedOut() },
            { site, owner in try await site.sessions.revoke(try #require(try await owner.open().id)) },
        ] as [@Sendable (RevocationSite, SiteVisitor) async throws -> Void])
    func whatAnotherProcessHasEndedDoesNotMove(
        _ end: @Sendable (RevocationSite, SiteVisitor) async throws -> Void
    ) async throws {
        let (one, two) = (try self.before(), try self.process())
        let owner = try await one.signedIn()
        var late = two.visitor(cookie: owner.cookie)
        let session = try await late.open()
        session["n"] = 1
        self.clock.advance(by: .seconds(1))
        try await end(one, owner)
        #expect(try await late.commit(session).setCookie == nil)
        #expect(try await self.stored().isEmpty)
        #expect(try await two.user(of: owner) == nil)
        #expect(two.log.text.contains("dropped"))
    }

    @Test func aMoveThatCannotLearnWhatHasEndedLeavesNothingBehind() async throws {
        let site = try self.process()
        var visitor = site.visitor(cookie: try await self.before().signedIn().cookie)
        let session = try await visitor.open()
        session["n"] = 1
        self.lists.mode = .unreachable
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
        #expect(try await self.stored().isEmpty)
        self.lists.mode = .working
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test func aMoveIsToldAsABeginningAndNotAsASignIn() async throws {
        let site = try self.process()
        var visitor = site.visitor(cookie: try await self.before().signedIn().cookie)
        let events = site.sessions.events
        try await visitor.visit { $0["n"] = 1 }
        #expect(events.takeLines() == ["created ada"])
    }

    @Test func thatASessionWasRenewedIsTold() async throws {
        let (one, two) = (try self.process(), try self.process())
        let before = try await self.before().signedIn()
        var visitor = one.visitor(cookie: before.cookie)
        try await visitor.visit { $0["n"] = 1 }
        try await two.list?.refresh(self.clock.sessionClock)
        #expect(try await two.user(of: before) == "ada")
        try await visitor.visit { $0.renew() }
        try await two.list?.refresh(self.clock.sessionClock)
        #expect(try await two.user(of: before) == nil)
        #expect(try await two.user(of: visitor) == "ada")
    }
}
