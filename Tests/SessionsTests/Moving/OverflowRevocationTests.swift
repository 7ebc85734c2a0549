// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A session becomes too large for its cookie in one process while another one ends it.
@Suite struct OverflowRevocationTests {
    private let clock = ManualClock()
    private let lists = OutageStore(MemoryStore())
    private let overflow: any SessionStore = MemoryStore()
    private static let text = SessionValue.string(
        String((0..<6000).map { _ in "Zq8wN3xV6bR1mK9tL4pJ7sH2dF5gC0yA".randomElement() ?? "a" }))

    /// A process, with its own memory of the list.
    private func process() throws -> RevocationSite {
        try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock) { $0.overflowStore = self.overflow }
    }

    private func stored() async throws -> [SessionID] {
        try await self.overflow.ids(ofUser: "ada", at: self.clock.now)
    }

    @Test(
        arguments: [
            { site, _ in try await site.sessions.revokeAll("ada") }, { _, owner in try await owner.signedOut() },
            { site, owner in try await site.sessions.revoke(try #require(try await owner.open().id)) },
        ] as [@Sendable (RevocationSite, SiteVisitor) async throws -> Void])
    func whatAnotherProcessHasEndedDoesNotMove(
        _ end: @Sendable (RevocationSite, SiteVisitor) async throws -> Void
    ) async throws {
        let (one, two) = (try self.process(), try self.process())
        let owner = try await one.signedIn()
        var late = two.visitor(cookie: owner.cookie)
        let session = try await late.open()
        session["text"] = Self.text
        self.clock.advance(by: .seconds(1))
        try await end(one, owner)
        #expect(try await late.commit(session).setCookie == nil)
        #expect(try await self.stored().isEmpty)
        #expect(try await two.user(of: owner) == nil)
        #expect(two.log.text.contains("dropped"))
    }

    @Test func aMoveThatCannotLearnWhatHasEndedLeavesNothingBehind() async throws {
        let site = try self.process()
        var visitor = try await site.signedIn()
        let session = try await visitor.open()
        session["text"] = Self.text
        self.lists.mode = .unreachable
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
        #expect(try await self.stored().isEmpty)
        self.lists.mode = .working
        #expect(try await site.user(of: visitor) == "ada")
    }

    @Test func aMoveIsToldAsABeginningAndNotAsASignIn() async throws {
        let site = try self.process()
        var visitor = try await site.signedIn()
        let events = site.sessions.events
        try await visitor.visit { $0["text"] = Self.text }
        #expect(events.takeLines() == ["created ada"])
    }

    @Test func thatASessionHasChangedIsTold() async throws {
        let (one, two) = (try self.process(), try self.process())
        var visitor = try await one.signedIn()
        let before = visitor
        try await visitor.visit { $0["text"] = Self.text }
        try await two.list?.refresh(self.clock.sessionClock)
        #expect(try await two.user(of: before) == "ada")
        try await visitor.visit { $0["n"] = 1 }
        try await two.list?.refresh(self.clock.sessionClock)
        #expect(try await two.user(of: before) == nil)
        #expect(try await two.user(of: visitor) == "ada")
    }
}
