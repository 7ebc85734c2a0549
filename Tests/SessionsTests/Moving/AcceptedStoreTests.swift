// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// Sessions in cookies, beside a store whose sessions are read too: a server of a site that is about to move.
@Suite struct AcceptedStoreTests {
    private let clock = ManualClock()
    private let store = OutageStore(MemoryStore())
    private let revocations = SessionRevocations.memory

    /// A server that accepts the store's sessions.
    private func site(_ change: (inout SessionConfiguration) -> Void = { _ in }) throws -> RevocationSite {
        try RevocationSite(self.revocations, clock: self.clock) {
            $0.acceptedStore = self.store
            change(&$0)
        }
    }

    /// A server that moves every session into the store already.
    private func mover() throws -> RevocationSite {
        try RevocationSite(self.revocations, clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = [.sealed]
        }
    }

    private func stored() async throws -> [SessionID] {
        try await self.store.ids(ofUser: "ada", at: self.clock.now)
    }

    /// A visitor of the first server whose session is in the store, and the cookie that it was in.
    private func moved(_ site: RevocationSite) async throws -> (visitor: SiteVisitor, before: SiteVisitor) {
        let before = try await site.signedIn()
        var visitor = try self.mover().visitor(cookie: before.cookie)
        try await visitor.visit { $0["n"] = 1 }
        return (site.visitor(cookie: visitor.cookie), before)
    }

    @Test func newSessionsBeginInTheirCookies() async throws {
        let site = try self.site()
        var visitor = try await site.signedIn()
        try await visitor.visit { $0["n"] = 1 }
        #expect(try await visitor.look("n") == 1)
        #expect(try await self.stored().isEmpty)
    }

    @Test(arguments: [SessionFormat.sealed, .signed, .flask])
    func aSessionOfTheStoreStaysThere(_ format: SessionFormat) async throws {
        let writer = try RevocationSite(nil, clock: self.clock) { $0.store = self.store }
        let site = try RevocationSite(nil, clock: self.clock) {
            $0.format = format
            $0.acceptedStore = self.store
        }
        var visitor = site.visitor(cookie: try await writer.signedIn().cookie)
        try await visitor.visit { $0["n"] = 1 }
        #expect(try await visitor.look("n") == 1)
        #expect(try await self.stored().count == 1)
        try await visitor.visit { $0.destroy() }
        #expect(visitor.cookie == nil)
        #expect(try await self.stored().isEmpty)
    }

    @Test func aCookieWhoseSessionAnotherServerHasMovedMovesOnceMore() async throws {
        let site = try self.site()
        var (visitor, before) = try await self.moved(site)
        // The browser may not have got the response.
        #expect(try await site.user(of: before) == "ada")
        #expect(try await before.visit { $0["m"] = 2 }.setCookie != nil)
        #expect(try await before.look("m") == 2)
        #expect(try await self.stored().count == 2)
        try await before.signedOut()
        #expect(try await site.user(of: visitor) == nil)
        #expect(try await self.stored().isEmpty)
        _ = try await visitor.look("n")
    }

    @Test(
        arguments: [{ $0.destroy() }, { $0.pop("_user_id") }, { $0.removeAll() }, { $0.renew() }]
            as [@Sendable (Session) -> Void])
    func onceTheSessionHasEndedOrBeenRenewedTheCookieBeforeIsDead(
        _ change: @Sendable (Session) -> Void
    ) async throws {
        let site = try self.site()
        var (visitor, before) = try await self.moved(site)
        try await visitor.visit { change($0) }
        #expect(try await site.user(of: before) == nil)
        _ = try await before.look("n")
    }

    @Test func aLogoutWithTheCookieBeforeEndsTheSessionInTheStore() async throws {
        let site = try self.site()
        var (visitor, before) = try await self.moved(site)
        try await before.visit { session in
            session.destroy()
            session["message"] = "Bye."
        }
        #expect(try await self.stored().isEmpty)
        #expect(try await before.look("message") == "Bye.")
        #expect(try await site.user(of: visitor) == nil)
        _ = try await visitor.look("n")
    }

    /// An answer about the store alone would let an administrator believe that the user is signed out everywhere.
    @Test(arguments: [SessionFormat.sealed, .signed, .flask])
    func withoutAListNothingIsEndedFromOutside(_ format: SessionFormat) async throws {
        let writer = try RevocationSite(nil, clock: self.clock) { $0.store = self.store }
        let site = try RevocationSite(format == .sealed ? .off : nil, clock: self.clock) {
            $0.format = format
            $0.acceptedStore = self.store
        }
        let inStore = site.visitor(cookie: try await writer.signedIn().cookie)
        let inCookie = try await site.signedIn()
        let (session, id) = (try await inCookie.open(), try #require(try await inStore.open().id))
        let sessions = site.sessions
        for refused in [
            { _ = try await sessions.revokeAll(of: "ada") }, { _ = try await sessions.revokeOthers(than: session) },
            { _ = try await sessions.revoke(id) }, { _ = try await sessions.revoke(id, of: "ada") },
            { _ = try await sessions.activeSessions(of: "ada") },
        ] as [() async throws -> Void] {
            await #expect(throws: SessionError(.notSupported, "")) { try await refused() }
        }
        for visitor in [inStore, inCookie] { #expect(try await site.user(of: visitor) == "ada") }
    }

    @Test func withAListAllOfAUsersSessionsEndAndNoneIsListed() async throws {
        let site = try self.site()
        let (visitor, before) = try await self.moved(site)
        let inCookie = try await site.signedIn()
        let id = try #require(try await visitor.open().id)
        await #expect(throws: SessionError(.notSupported, "")) { try await site.sessions.activeSessions(of: "ada") }
        await #expect(throws: SessionError(.notSupported, "")) { try await site.sessions.revoke(id, of: "ada") }
        #expect(try await site.user(of: visitor) == "ada")
        #expect(try await site.sessions.revokeAll(of: "ada") == 1)
        for cookie in [visitor, before, inCookie] { #expect(try await site.user(of: cookie) == nil) }
        #expect(try await self.stored().isEmpty)
    }

    @Test func aStoreOutOfReachLosesNothing() async throws {
        let site = try self.site()
        var (visitor, _) = try await self.moved(site)
        self.store.mode = .unreachable
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.visit { $0["n"] = 2 } }
        // Sessions in cookies need no store.
        #expect(try await site.user(of: try await site.signedIn()) == "ada")
        self.store.mode = .working
        #expect(try await visitor.look("n") == 1)
    }

    @Test func aLateResponseOfASessionInTheStoreSetsNoCookie() async throws {
        let site = try self.site()
        var (visitor, _) = try await self.moved(site)
        let session = try await visitor.open()
        session.isPermanent = true
        let id = try #require(session.id)
        _ = site.list?.end(id, at: self.clock.sessionClock.reading, keeping: .seconds(3600))
        #expect(try await visitor.commit(session).setCookie == nil)
    }

    @Test func whatTheListEndsIsRemovedFromTheStore() async throws {
        let site = try self.site()
        let (visitor, _) = try await self.moved(site)
        let id = try #require(try await visitor.open().id)
        _ = site.list?.end(id, at: self.clock.sessionClock.reading, keeping: .seconds(3600))
        #expect(try await visitor.look("n") == nil)
        #expect(try await self.store.read(id, at: self.clock.now) == nil)
    }

    @Test func contentsTooLargeForACookieAreAnErrorThatNamesTheStore() async throws {
        let text = String((0..<6000).map { _ in "Zq8wN3xV6bR1mK9tL4pJ7sH2dF5gC0yA".randomElement() ?? "a" })
        for site in [try RevocationSite(), try self.site()] {
            var visitor = try await site.signedIn()
            let error = await #expect(throws: SessionError.self) {
                try await visitor.visit { $0["text"] = .string(text) }
            }
            #expect(error?.kind == .cookieTooLarge)
            #expect(error?.message.contains("SessionConfiguration.stored(in:)") == true)
            // The cookie before stays good.
            #expect(try await site.user(of: visitor) == "ada")
        }
    }

    /// Servers that have moved on encrypt what they store; a server that only reads there writes alike.
    @Test func recordsStayEncryptedWhereTheOtherServersEncryptThem() async throws {
        let stored = SessionPlace.stored(in: self.store, encryptsValues: true)
        let moved = try RevocationSite(nil, clock: self.clock) { $0.place = stored }
        let reader = try RevocationSite(nil, clock: self.clock) { $0.place = .cookies(.sealed, reading: stored) }
        var visitor = try await moved.signedIn()
        visitor = SiteVisitor(reader.sessions, cookie: visitor.cookie, logger: reader.log.logger)
        try await visitor.visit { $0["note"] = "in clear text" }
        let id = try #require(try await visitor.open().id)
        let record = try #require(try await self.store.read(id, at: self.clock.now))
        #expect(!String(decoding: record.contents, as: UTF8.self).contains("in clear text"))
        #expect(try await visitor.look("note") == "in clear text")
    }

    @Test func whatIsReadTooMustBeAStore() throws {
        #expect(throws: SessionError(.invalidConfiguration, "")) {
            try self.site { $0.place = .cookies(.sealed, reading: .cookies(.flask)) }
        }
        #expect(throws: SessionError(.invalidConfiguration, "")) {
            try self.site { $0.place = .cookies(.sealed, reading: .stored(in: self.store, sizeLimit: 0)) }
        }
    }
}
