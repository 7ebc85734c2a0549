// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A site with sealed cookies goes on with a store, and what has ended stays so.
@Suite struct TakeoverRevocationTests {
    private let clock = ManualClock()
    private let lists = OutageStore(MemoryStore())
    private let store = OutageStore(MemoryStore())

    /// The site before: sealed cookies, and a list.
    private func before() throws -> RevocationSite {
        try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock)
    }

    /// The site after, which knows what the site before has ended.
    private func after(accepting formats: [SessionFormat] = [.sealed]) throws -> RevocationSite {
        try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = formats
        }
    }

    private func stored() async throws -> [SessionID] {
        try await self.store.ids(ofUser: "ada", at: self.clock.now)
    }

    @Test func aSessionMovesAndItsCookieMayComeAgainUntilItIsRenewed() async throws {
        let (before, after) = (try self.before(), try self.after())
        let old = try await before.signedIn()
        var first = after.visitor(cookie: old.cookie)
        try await first.visit()
        #expect(first.cookie != old.cookie)
        // The response was lost.
        self.clock.advance(by: .seconds(600))
        var second = after.visitor(cookie: old.cookie)
        try await second.visit { $0["n"] = 1 }
        #expect(try await second.look("n") == 1)
        #expect(try await after.user(of: old) == "ada")
        try await second.visit { $0.renew() }
        #expect(try await after.user(of: second) == "ada")
        #expect(try await after.user(of: old) == nil)
    }

    @Test func aRenewalInAProcessThatHasNotHeardOfTheMoveReachesTheCookie() async throws {
        let (before, one, two) = (try self.before(), try self.after(), try self.after())
        let old = try await before.signedIn()
        #expect(try await two.user(of: old) == "ada")
        var visitor = one.visitor(cookie: old.cookie)
        try await visitor.visit()
        visitor = two.visitor(cookie: visitor.cookie)
        try await visitor.visit { $0.renew() }
        #expect(try await two.user(of: old) == nil)
        #expect(try await two.user(of: visitor) == "ada")
    }

    /// A long poll, that looks at its session when it is done or never.
    @Test func aRequestThatTakesLongerThanTheGraceIsNoThief() async throws {
        let (before, after) = (try self.before(), try self.after())
        let old = try await before.signedIn()
        var (visitor, slow) = (after.visitor(cookie: old.cookie), after.visitor(cookie: old.cookie))
        let session = try await slow.open()
        try await visitor.visit { $0.renew() }
        self.clock.advance(by: .seconds(40))
        #expect(try await slow.commit(session).setCookie == nil)
        #expect(try await after.user(of: visitor) == "ada")
    }

    /// Of two requests with one cookie each made a session, of which the browser has one.
    @Test func whatElseCameOfACookieEndsWithARenewalAndNotWithALimit() async throws {
        let before = try self.before()
        let after = try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = [.sealed]
            $0.sessionLimit = .endingOldest(2)
        }
        let old = try await before.signedIn()
        var (unknown, visitor) = (after.visitor(cookie: old.cookie), after.visitor(cookie: old.cookie))
        try await unknown.visit()
        self.clock.advance(by: .seconds(1))
        try await visitor.visit()
        self.clock.advance(by: .seconds(1))
        _ = try await after.signedIn()
        #expect(try await after.user(of: unknown) == nil)
        #expect(try await after.user(of: visitor) == "ada")
        let other = try await before.signedIn()
        (unknown, visitor) = (after.visitor(cookie: other.cookie), after.visitor(cookie: other.cookie))
        try await unknown.visit()
        try await visitor.visit { $0.reauthenticate() }
        for visitor in [other, unknown] { #expect(try await after.user(of: visitor) == nil) }
        #expect(try await after.user(of: visitor) == "ada")
        let last = try await before.signedIn()
        (unknown, visitor) = (after.visitor(cookie: last.cookie), after.visitor(cookie: last.cookie))
        for _ in 0..<2 { try await unknown.visit() }
        try await visitor.visit()
        try await visitor.visit { $0.renew() }
        for visitor in [last, unknown] { #expect(try await after.user(of: visitor) == nil) }
        #expect(try await after.user(of: visitor) == "ada")
    }

    @Test func anEmptiedSessionIsOverWithWhatElseCameOfItsCookie() async throws {
        let (before, after) = (try self.before(), try self.after())
        var old = before.visitor()
        try await old.visit { $0["cart"] = 1 }
        var (visitor, fork) = (after.visitor(cookie: old.cookie), after.visitor(cookie: old.cookie))
        for _ in 0..<2 { try await visitor.visit() }
        try await fork.visit()
        try await visitor.visit { $0.pop("cart") }
        for cookie in [old, fork] { #expect(try await after.visitor(cookie: cookie.cookie).look("cart") == nil) }
    }

    @Test func aReplayInTheStoreReachesTheCookieToo() async throws {
        let before = try self.before()
        let after = try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = [.sealed]
            $0.renewalInterval = .seconds(600)
        }
        let old = try await before.signedIn()
        var visitor = after.visitor(cookie: old.cookie)
        try await visitor.visit()
        let copy = visitor
        self.clock.advance(by: .seconds(600))
        try await visitor.visit()
        #expect(visitor.cookie != copy.cookie)
        #expect(try await after.user(of: old) == "ada")
        self.clock.advance(by: .seconds(31))
        for cookie in [copy, visitor, old] { #expect(try await after.user(of: cookie) == nil) }
    }

    @Test func aSignInThatIsOneTooManyLeavesNoCookieBehind() async throws {
        let before = try self.before()
        let after = try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = [.sealed]
            $0.sessionLimit = .endingOldest(1)
        }
        let old = try await before.signedIn(as: "bob")
        var first = after.visitor()
        try await first.visit { $0.signIn(as: "ada") }
        // This server's clock is behind.
        self.clock.advance(by: .seconds(-5))
        var visitor = after.visitor(cookie: old.cookie)
        try await visitor.visit { $0.signIn(as: "ada") }
        #expect(visitor.cookie == nil)
        #expect(try await after.user(of: old) == nil)
        #expect(try await after.user(of: first) == "ada")
    }

    @Test func otherKeysAreForOldCookiesToo() async throws {
        let (before, after) = (try self.before(), try self.after())
        let old = try await before.signedIn()
        try after.sessions.reload(keys: "Zq8wN3xV6bR1mK9tL4pJ7sH2dF5gC0yA")
        #expect(try await after.user(of: old) == nil)
        try after.sessions.reload(keys: StoreSite.keys)
        #expect(try await after.user(of: old) == "ada")
    }

    @Test func aRenewalWhileTheListIsOutOfReachLosesNothing() async throws {
        let (before, after) = (try self.before(), try self.after())
        var visitor = after.visitor(cookie: try await before.signedIn().cookie)
        try await visitor.visit()
        let session = try await visitor.open()
        session.renew()
        self.lists.mode = .unreachable
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
        self.lists.mode = .working
        #expect(try await after.user(of: visitor) == "ada")
    }

    @Test func aSignOutWhileTheListIsOutOfReachHolds() async throws {
        let (before, after) = (try self.before(), try self.after())
        let old = try await before.signedIn()
        var visitor = after.visitor(cookie: old.cookie)
        try await visitor.visit()
        let session = try await visitor.open()
        session.signOut()
        self.lists.mode = .readOnly
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
        #expect(try await self.stored().isEmpty)
        self.lists.mode = .working
        for cookie in [old, visitor] { #expect(try await after.user(of: cookie) == nil) }
    }

    @Test func aClientThatTakesNoCookieMovesItsSessionOnlySoOften() async throws {
        let (before, after) = (try self.before(), try self.after())
        let old = try await before.signedIn()
        for _ in 0..<100 {
            var visitor = after.visitor(cookie: old.cookie)
            try await visitor.visit()
        }
        #expect(try await self.stored().count == 64)
        #expect(try await after.user(of: old) == "ada")
        // It may sign out all the same.
        var visitor = after.visitor(cookie: old.cookie)
        try await visitor.visit { $0.pop("_user_id") }
        #expect(try await after.user(of: old) == nil)
        #expect(try await self.stored().isEmpty)
    }

    @Test func aSignOutHoldsAlsoWhenWhatFollowsFails() async throws {
        let (before, after) = (try self.before(), try self.after())
        for isMoved in [false, true] {
            let old = try await before.signedIn()
            var (visitor, again) = (after.visitor(cookie: old.cookie), after.visitor(cookie: old.cookie))
            if isMoved { for _ in 0..<2 { try await visitor.visit() } }
            let session = try await visitor.open()
            session.signOut()
            session["message"] = "Bye."
            self.store.mode = .readOnly
            await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
            self.store.mode = .working
            try await again.visit()
            #expect(try await after.user(of: again) == nil, "\(isMoved)")
            #expect(try await after.user(of: visitor) == nil)
        }
    }

    @Test func whatALimitEndsDoesNotComeAgain() async throws {
        let before = try self.before()
        let after = try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock) {
            $0.store = self.store
            $0.acceptedFormats = [.sealed]
            $0.sessionLimit = .endingOldest(1)
        }
        let old = try await before.signedIn()
        var moved = after.visitor(cookie: old.cookie)
        try await moved.visit()
        self.clock.advance(by: .seconds(1))
        let newest = try await after.signedIn()
        for visitor in [old, moved] { #expect(try await after.user(of: visitor) == nil) }
        #expect(try await after.user(of: newest) == "ada")
    }

    @Test func aCookieThatWasSignedOutBeforeIsNotTakenOver() async throws {
        let (before, after) = (try self.before(), try self.after())
        let copy = try await before.signedIn()
        try await copy.signedOut()
        var thief = after.visitor(cookie: copy.cookie)
        #expect(try await thief.visit { $0["n"] = 1 }.setCookie != nil)
        #expect(try await after.user(of: thief) == nil)
        #expect(try await self.stored().isEmpty)
        #expect(after.log.text.contains("revoked"))
    }

    @Test(arguments: [{ $0.signOut() }, { $0.pop("_user_id") }] as [@Sendable (Session) -> Void])
    func aCopyOfTheCookieIsDeadAfterTheSignOut(_ signOut: @Sendable (Session) -> Void) async throws {
        let (before, after) = (try self.before(), try self.after())
        let copy = try await before.signedIn()
        var (visitor, fork) = (after.visitor(cookie: copy.cookie), after.visitor(cookie: copy.cookie))
        try await visitor.visit()
        try await fork.visit()
        try await visitor.visit { signOut($0) }
        #expect(try await self.stored().isEmpty)
        for cookie in [copy, visitor, fork] { #expect(try await after.user(of: cookie) == nil) }
    }

    @Test(arguments: [{ $0.signOut() }, { $0.pop("_user_id") }] as [@Sendable (Session) -> Void])
    func whoSignsOutWithACookieFromBeforeEndsWhatCameOfIt(_ signOut: @Sendable (Session) -> Void) async throws {
        let (before, after) = (try self.before(), try self.after())
        let old = try await before.signedIn()
        var (lost, visitor) = (after.visitor(cookie: old.cookie), after.visitor(cookie: old.cookie))
        try await lost.visit()
        try await visitor.visit { signOut($0) }
        #expect(visitor.cookie == nil)
        for cookie in [old, lost] { #expect(try await after.user(of: cookie) == nil) }
    }

    @Test func aRenewalAsItMovesLeavesADeadCookie() async throws {
        let (before, after) = (try self.before(), try self.after())
        let copy = try await before.signedIn()
        var visitor = after.visitor(cookie: copy.cookie)
        try await visitor.visit { $0.reauthenticate() }
        #expect(try await after.user(of: copy) == nil)
        self.clock.advance(by: .seconds(31))
        // Somebody has a copy.
        let events = after.sessions.events
        #expect(try await after.user(of: copy) == nil)
        #expect(events.takeAll().map(\.kind) == [.replayed, .rejected(.revoked)])
        #expect(try await after.user(of: visitor) == nil)
    }

    @Test func endingAllReachesCookiesThatHaveNotComeYet() async throws {
        let (before, after) = (try self.before(), try self.after(accepting: [.sealed, .flask]))
        let flask = try RevocationSite(nil, clock: self.clock) { $0.format = .flask }
        let (sealed, plain) = (try await before.signedIn(), try await flask.signedIn())
        var moved = after.visitor(cookie: try await before.signedIn().cookie)
        try await moved.visit()
        #expect(try await after.sessions.activeSessions(of: "ada").count == 1)
        let events = after.sessions.events
        let id = try await moved.open().id
        #expect(try await after.sessions.revokeAll(of: "ada") == 1)
        #expect(events.takeAll().map(\.sessionID) == [nil, id])
        for visitor in [sealed, plain, moved] { #expect(try await after.user(of: visitor) == nil) }
        self.clock.advance(by: .seconds(1))
        #expect(try await after.user(of: after.signedIn()) == "ada")
    }

    @Test func endingTheOthersKeepsTheOneThatAsks() async throws {
        let (before, after) = (try self.before(), try self.after())
        for number in 0..<3 {
            let (other, old) = (try await before.signedIn(), try await before.signedIn())
            var visitor = after.visitor(cookie: old.cookie)
            if number > 0 { try await visitor.visit() }
            // The response was lost.
            if number > 1 { visitor = after.visitor(cookie: old.cookie) }
            let session = try await visitor.open()
            try await after.sessions.revokeOthers(than: session)
            try await visitor.commit(session)
            #expect(try await after.user(of: visitor) == "ada", "\(number)")
            #expect(try await after.user(of: other) == nil)
            self.clock.advance(by: .seconds(1))
        }
    }

    @Test(
        arguments: [
            { site, visitor, _ in try await visitor.signedOut() },
            { _, visitor, store in try await store.remove(try #require(try await visitor.open().id)) },
            { site, visitor, _ in
                let id = try #require(try await visitor.open().id)
                _ = site.list?.end(id, at: site.clock.sessionClock.reading, keeping: .seconds(3600))
            },
        ] as [@Sendable (RevocationSite, SiteVisitor, any SessionStore) async throws -> Void])
    func aSessionInTheStoreThatHasEndedEndsNoOther(
        _ end: @Sendable (RevocationSite, SiteVisitor, any SessionStore) async throws -> Void
    ) async throws {
        let after = try self.after()
        let (visitor, owner) = (try await after.signedIn(), try await after.signedIn())
        let cookie = try await self.before().signedIn()
        let session = try await visitor.open()
        #expect(session.user == "ada")
        try await end(after, visitor, self.store)
        #expect(try await after.sessions.revokeOthers(than: session) == 0)
        for other in [owner, cookie] { #expect(try await after.user(of: other) == "ada") }
    }

    @Test func oneIsEndedByItsIDWithTheCookieThatItCameIn() async throws {
        let (before, after) = (try self.before(), try self.after())
        let old = try await before.signedIn()
        var visitor = after.visitor(cookie: old.cookie)
        try await visitor.visit()
        let id = try #require(try await visitor.open().id)
        let events = after.sessions.events
        #expect(try await !after.sessions.revoke(id, of: "bob"))
        #expect(try await after.sessions.revoke(id, of: "ada"))
        #expect(events.takeLines() == ["revoked ada"])
        for cookie in [old, visitor] { #expect(try await after.user(of: cookie) == nil) }
        // One that has not come yet.
        let late = try await before.signedIn()
        let lateID = try #require(try await late.open().id)
        #expect(try await after.sessions.revoke(lateID))
        #expect(events.takeAll().filter { $0.kind == .revoked }.map(\.sessionID) == [lateID])
        #expect(try await after.user(of: late) == nil)
    }

    @Test func aMoveThatTheStoreRefusesLeavesTheCookieGood() async throws {
        let (before, after) = (try self.before(), try self.after())
        var visitor = after.visitor(cookie: try await before.signedIn().cookie)
        self.store.mode = .unreachable
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.visit() }
        self.store.mode = .working
        try await visitor.visit()
        #expect(try await after.user(of: visitor) == "ada")
        #expect(try await self.stored().count == 1)
    }

    /// The step before, so that no server meets a cookie that it cannot read.
    @Test func serversThatAcceptTheStoreReadWhatHasMoved() async throws {
        let first = try RevocationSite(RevocationSite.shared(self.lists), clock: self.clock) {
            $0.acceptedStore = self.store
        }
        let after = try self.after()
        let old = try await first.signedIn()
        var visitor = after.visitor(cookie: old.cookie)
        try await visitor.visit { $0["n"] = 1 }
        for site in [first, after, first] {
            visitor = site.visitor(cookie: visitor.cookie)
            try await visitor.visit { session in session.update("n", default: 0) { $0 += 1 } }
        }
        #expect(try await visitor.look("n") == 4)
        try await visitor.signedOut()
        for site in [first, after] {
            try await site.list?.refresh(self.clock.sessionClock)
            #expect(try await site.user(of: visitor) == nil)
            #expect(try await site.user(of: old) == nil)
        }
    }

    @Test func aStoreThatTakesNoCookiesNeedsNoList() throws {
        #expect(throws: SessionError(.invalidConfiguration, "")) { try self.after(accepting: []) }
    }
}
