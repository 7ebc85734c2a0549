// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A wall clock that is ahead for a moment deletes nothing for good: what was signed out stays so when it is right
/// again.
@Suite struct RevocationClockTests {
    private let clock = ManualClock()

    /// Sets the wall clock ahead, lets work be done, and sets it right.
    private func ahead(_ days: Int = 3650, _ work: () async throws -> Void) async rethrows {
        let now = self.clock.now
        self.clock.now = now.adding(.seconds(days * 86_400))
        try await work()
        self.clock.now = now
    }

    /// A process of a site whose list of revocations is in the store.
    private func process(_ store: MemoryStore) throws -> RevocationSite {
        try RevocationSite(RevocationSite.shared(store), clock: self.clock)
    }

    @Test func aSignedOutCookieStaysSoInTheMemoryOfAProcess() async throws {
        let site = try RevocationSite(clock: self.clock)
        let (ada, bob) = (try await site.signedIn(), try await site.signedIn(as: "bob"))
        try await ada.signedOut()
        try await site.sessions.revokeAll(of: "bob")
        // Whatever is added makes the list forget what is over.
        try await self.ahead { try await site.signedIn(as: "eve").signedOut() }
        #expect(try await site.user(of: ada) == nil)
        #expect(try await site.user(of: bob) == nil)
    }

    @Test func aSignedOutCookieStaysSoInEveryProcessThatSharesTheList() async throws {
        let store = MemoryStore()
        let (one, two) = (try self.process(store), try self.process(store))
        let visitor = try await one.signedIn()
        try await visitor.signedOut()
        for site in [one, two] { try await site.list?.round(self.clock.sessionClock) }
        try await self.ahead { for site in [one, two] { try await site.list?.round(self.clock.sessionClock) } }
        // A process that begins now knows what the store has.
        for site in [one, two, try self.process(store)] {
            #expect(try await site.user(of: visitor) == nil)
        }
    }

    /// The process has begun with the right time, and has had no round yet.
    @Test func aClockThatGoesWrongBeforeTheFirstRoundDeletesNothing() async throws {
        let store = MemoryStore()
        let (one, two) = (try self.process(store), try self.process(store))
        let visitor = try await one.signedIn()
        try await visitor.signedOut()
        try await self.ahead {
            for _ in 0..<3 {
                try await two.list?.round(self.clock.sessionClock)
                self.clock.advance(by: .seconds(5))
            }
        }
        #expect(try await self.process(store).user(of: visitor) == nil)
    }

    @Test func whatAProcessReadsWhileItsClockIsAheadItRemembers() async throws {
        let store = MemoryStore()
        let (one, two) = (try self.process(store), try self.process(store))
        let visitor = try await one.signedIn()
        try await visitor.signedOut()
        // Its end has not come, and the staleness of what was read has.
        try await self.ahead(0) { try await two.list?.refresh(self.clock.sessionClock) }
        try await self.ahead { try await two.list?.refresh(self.clock.sessionClock) }
        _ = store.removeExpired(at: self.clock.now.adding(.seconds(86_400 * 365)), limit: .max)
        #expect(try await two.user(of: visitor) == nil)
    }

    /// The first reading of a process is confirmed by nothing, and its first round deletes nothing.
    @Test func aProcessThatStartsAheadDeletesNothing() async throws {
        let store = MemoryStore()
        let one = try self.process(store)
        let visitor = try await one.signedIn()
        try await visitor.signedOut()
        try await self.ahead {
            let two = try self.process(store)
            try await two.list?.round(self.clock.sessionClock)
        }
        #expect(try await self.process(store).user(of: visitor) == nil)
    }

    @Test func theListForgetsWhenTheTimeHasPassed() async throws {
        let site = try RevocationSite(clock: self.clock)
        try await site.signedIn().signedOut()
        #expect(site.list?.count == 1)
        self.clock.advance(by: .seconds(30 * 86_400))
        try await site.signedIn().signedOut()
        #expect(site.list?.count == 1)
    }

    /// A renewal leaves the secret before to requests that are on their way, for some seconds and not for a day.
    @Test func aRenewalByAClockThatIsAheadGivesNoLongGrace() async throws {
        let site = try StoreSite { $0.renewalInterval = .seconds(600) }
        var owner = try await site.signedIn()
        let thief = owner
        site.clock.advance(by: .seconds(600))
        site.clock.now = site.clock.now.adding(.seconds(1800))
        try await owner.visit()
        #expect(owner.cookie != thief.cookie)
        site.clock.now = site.clock.now.adding(.seconds(-1800))
        #expect(try await thief.look("user") == nil)
        #expect(try await owner.look("user") == "alice")
        // Two servers whose clocks differ a little give the grace to each other's requests.
        var other = try await site.signedIn()
        let late = other
        site.clock.advance(by: .seconds(600))
        site.clock.now = site.clock.now.adding(.seconds(30))
        try await other.visit()
        site.clock.now = site.clock.now.adding(.seconds(-30))
        #expect(try await late.look("user") == "alice")
    }

    @Test func sessionsInAStoreAreNotPurgedEither() async throws {
        let store = MemoryStore()
        let sessions = try SessionManager(
            keys: StoreSite.keys, configuration: .stored(in: store), clock: self.clock.sessionClock)
        var visitor = SiteVisitor(sessions, cookie: nil, logger: LogRecorder().logger)
        try await visitor.visit { $0["_user_id"] = "ada" }
        try await self.ahead {
            let removed = try await sessions.removeExpired()
            #expect(removed == 0)
        }
        #expect(try await visitor.look("_user_id") == "ada")
        self.clock.advance(by: .seconds(30 * 86_400))
        #expect(try await sessions.removeExpired() == 1)
    }
}
