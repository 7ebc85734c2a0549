// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import Synchronization
import TestSupport
import Testing

@testable import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

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
    private func process() throws -> RevocationSite { try self.mover(self.lists) }

    /// The same with a way of its own to the list.
    private func mover(_ lists: any SessionStore, store: (any SessionStore)? = nil) throws -> RevocationSite {
        try RevocationSite(RevocationSite.shared(lists), clock: self.clock) {
            $0.store = store ?? self.store
            $0.acceptedFormats = [.sealed]
        }
    }

    private func stored() async throws -> [SessionID] {
        try await self.store.ids(ofUser: "ada", at: self.clock.now)
    }

    /// How a process may end a session.
    private static let ends: [@Sendable (RevocationSite, SiteVisitor) async throws -> Void] = [
        { site, _ in try await site.sessions.revokeAll(of: "ada") }, { _, owner in try await owner.signedOut() },
        { site, owner in try await site.sessions.revoke(try #require(try await owner.open().id)) },
    ]

    @Test(arguments: Self.ends)
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

    /// The process that ends it writes the list after the other has read it, and before it can know of the move.
    @Test(arguments: Self.ends)
    func whatEndsWhileItMovesIsNotLeftInTheStore(
        _ end: @escaping @Sendable (RevocationSite, SiteVisitor) async throws -> Void
    ) async throws {
        let lists = FillingStore(self.lists)
        let mover = try self.mover(lists)
        let owner = try await self.before().signedIn()
        let other = try self.process()
        var late = mover.visitor(cookie: owner.cookie)
        let session = try await late.open()
        session["n"] = 1
        lists.beforeNextWrite = { try await end(other, other.visitor(cookie: owner.cookie)) }
        try await late.commit(session)
        #expect(try await self.stored().isEmpty)
        for process in [mover, other] {
            #expect(try await process.user(of: late) == nil)
            #expect(try await process.user(of: owner) == nil)
        }
    }

    /// The process that signs out has told the list, and cannot remove the session yet.
    @Test func aSecondSignOutRemovesWhatTheFirstHasNot() async throws {
        let outage = OutageStore(self.store)
        let (one, two) = (try self.mover(self.lists, store: outage), try self.process())
        let (owner, other) = (try await two.signedIn(), try await two.signedIn())
        var late = two.visitor(cookie: owner.cookie)
        let session = try await late.open()
        session.removeAll()
        var leaving = one.visitor(cookie: owner.cookie)
        let left = try await leaving.open()
        left.signOut()
        outage.mode = .unreachable
        await #expect(throws: SessionError.self) { try await leaving.commit(left) }
        // The other process hears of it.
        self.clock.advance(by: .seconds(30))
        #expect(try await two.user(of: other) == "ada")
        #expect(try await self.stored().count == 2)
        try await late.commit(session)
        #expect(two.log.text.contains("dropped"))
        #expect(try await self.stored() == [try #require(try await other.open().id)])
    }

    /// One cookie has brought two sessions into the store, and only the other was used.
    @Test func aSessionThatExpiresBeforeItsRenewalEndsNoOther() async throws {
        let process = try self.process()
        let owner = try await self.before().signedIn()
        self.clock.advance(by: process.sessions.configuration.lifetime.idle - .seconds(1))
        var polling = process.visitor(cookie: owner.cookie)
        var used = process.visitor(cookie: owner.cookie)
        try await polling.visit {
            $0.countsAsUse = false
            #expect($0.user == "ada")
        }
        let late = try await polling.open()
        late.renew()
        try await used.visit { $0["n"] = 1 }
        #expect(try await self.stored().count == 2)
        self.clock.advance(by: .seconds(2))
        try await polling.commit(late)
        #expect(try await process.user(of: polling) == nil)
        #expect(try await process.user(of: used) == "ada")
    }

    /// What is tried again after a failure ends what else came of the cookie, such as a thief's session.
    @Test func aRenewalThatIsTriedAgainStillEndsTheOthers() async throws {
        let outages = OutageStore(self.store)
        let process = try self.mover(self.lists, store: outages)
        let old = try await self.before().signedIn()
        var (visitor, thief) = (process.visitor(cookie: old.cookie), process.visitor(cookie: old.cookie))
        try await visitor.visit { $0["n"] = 1 }
        try await thief.visit { $0["n"] = 2 }
        for fails in [true, false] {
            let session = try await visitor.open()
            session.renew()
            if fails {
                outages.mode = .unreachable
                await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
                outages.mode = .working
            } else {
                try await visitor.commit(session)
            }
        }
        #expect(try await process.user(of: visitor) == "ada")
        #expect(try await process.user(of: thief) == nil)
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

    /// A renewal in a process that has not heard of the move would leave the cookie good, and a thief's copy with it.
    @Test(arguments: [false, true]) func aMoveThatCannotBeToldLeavesTheSessionInItsCookie(changes: Bool) async throws {
        let (one, two) = (try self.process(), try self.process())
        let old = try await self.before().signedIn()
        var visitor = one.visitor(cookie: old.cookie)
        let session = try await visitor.open()
        if changes { session["n"] = 1 } else { #expect(session.user == "ada") }
        self.lists.mode = .readOnly
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
        #expect(try await self.stored().isEmpty)
        self.lists.mode = .working
        #expect(visitor.cookie == old.cookie)
        try await visitor.visit { $0["n"] = 2 }
        visitor = two.visitor(cookie: visitor.cookie)
        try await visitor.visit { $0.renew() }
        for process in [one, two] {
            try await process.list?.refresh(self.clock.sessionClock)
            #expect(try await process.user(of: old) == nil)
            #expect(try await process.user(of: visitor) == "ada")
        }
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

    /// What comes up while the list is written belongs to another request, whose failure it is if it cannot be written.
    @Test func aSignOutWritesTheListOnce() async throws {
        let lists = FillingStore(self.lists)
        let site = try self.mover(lists)
        let events = site.sessions.events
        let owner = try await self.before().signedIn()
        let late = site.visitor(cookie: owner.cookie)
        var (visitor, fork) = (late, late)
        let session = try await visitor.open()
        session.signOut()
        try await fork.visit()
        _ = events.takeLines()
        lists.afterNextWrite = { [lists = self.lists] in
            _ = site.list?.end(
                SessionID(using: .system), at: self.clock.sessionClock.reading, keeping: .seconds(3600))
            lists.mode = .readOnly
        }
        try await visitor.commit(session)
        #expect(visitor.cookie == nil)
        #expect(try await self.stored().isEmpty)
        #expect(events.takeLines() == ["revoked ada", "signed_out ada", "ended ada"])
    }

    @Test func aListOutOfReachWhileALimitEndsTheOldestSessionIsLogged() async throws {
        let site = try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = [.sealed]
            $0.sessionLimit = .endingOldest(1)
        }
        let oldest = try await site.signedIn()
        self.clock.advance(by: .seconds(1))
        var newest = site.visitor()
        let session = try await newest.open()
        session.signIn(as: "ada")
        self.lists.mode = .unreachable
        let before = site.log.text
        try await newest.commit(session)
        #expect(!before.contains("the session store failed"))
        #expect(site.log.text.contains("the session store failed"))
        self.lists.mode = .working
        #expect(try await site.user(of: oldest) == nil)
        #expect(try await site.user(of: newest) == "ada")
    }
}

/// A store that does something once, before it writes or after.
private final class FillingStore: SessionStore {
    private let base: any SessionStore
    private let next = Mutex<(@Sendable () -> Void)?>(nil)
    private let first = Mutex<(@Sendable () async throws -> Void)?>(nil)

    init(_ base: any SessionStore) {
        self.base = base
    }

    var afterNextWrite: (@Sendable () -> Void)? {
        get { self.next.withLock { $0 } }
        set { self.next.withLock { $0 = newValue } }
    }

    var beforeNextWrite: (@Sendable () async throws -> Void)? {
        get { self.first.withLock { $0 } }
        set { self.first.withLock { $0 = newValue } }
    }

    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.base.read(id, at: now)
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        let before = self.first.withLock { first in
            defer { first = nil }
            return first
        }
        try await before?()
        let isWritten = try await self.base.write(record, replacing: version, at: now)
        let body = self.next.withLock { next in
            defer { next = nil }
            return next
        }
        body?()
        return isWritten
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.base.remove(id, ifVersion: version)
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.base.removeExpired(at: now, limit: limit)
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.base.ids(ofUser: user, at: now)
    }
}
