// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A list that two processes share through a store.
@Suite struct SharedRevocationTests {
    private let clock = ManualClock()
    private let store = OutageStore(MemoryStore())

    private func site(_ change: (inout SessionConfiguration) -> Void = { _ in }) throws -> RevocationSite {
        try RevocationSite(RevocationSite.shared(self.store), clock: self.clock, change)
    }

    @Test func anotherProcessKnowsNoLaterThanTheStaleness() async throws {
        let (one, two) = (try self.site(), try self.site())
        let visitor = try await one.signedIn()
        #expect(try await two.user(of: visitor) == "ada")
        try await visitor.signedOut()
        #expect(try await one.user(of: visitor) == nil)
        // The last moment at which what was read before may be relied upon.
        self.clock.advance(by: .seconds(10))
        #expect(try await two.user(of: visitor) == "ada")
        self.clock.advance(by: .milliseconds(1))
        #expect(try await two.user(of: visitor) == nil)
    }

    @Test func aNewProcessReadsTheListBeforeItsFirstSession() async throws {
        let one = try self.site()
        let visitor = try await one.signedIn()
        try await visitor.signedOut()
        #expect(try await self.site().user(of: visitor) == nil)
    }

    /// What the process wrote before has expired by then, and nothing can be added to it.
    @Test func aSignOutLongAfterTheOneBeforeSucceeds() async throws {
        let site = try self.site()
        for _ in 0..<3 {
            let visitor = try await site.signedIn()
            try await visitor.signedOut()
            #expect(try await self.site().user(of: visitor) == nil)
            self.clock.advance(by: .seconds(2 * 3600))
        }
    }

    @Test func everyKindOfEntryIsShared() async throws {
        let (one, two) = (try self.site(), try self.site())
        let (ada, bob, phone) = (
            try await one.signedIn(), try await one.signedIn(as: "bob"), try await one.signedIn(as: "bob")
        )
        var renewed = ada
        try await renewed.visit { $0.renew() }
        try await one.sessions.revokeAll(of: "bob")
        try await two.list?.refresh(self.clock.sessionClock)
        for visitor in [ada, bob, phone] { #expect(try await two.user(of: visitor) == nil) }
        #expect(try await two.user(of: renewed) == "ada")
    }

    @Test func aRenewalInAProcessThatDoesNotKnowYetDiesToo() async throws {
        let (one, two) = (try self.site(), try self.site())
        let (ada, bob) = (try await one.signedIn(), try await one.signedIn(as: "bob"))
        try await two.list?.refresh(self.clock.sessionClock)
        try await ada.signedOut()
        try await one.sessions.revokeAll(of: "bob")
        self.clock.advance(by: .seconds(5))
        var (lateAda, lateBob) = (two.visitor(cookie: ada.cookie), two.visitor(cookie: bob.cookie))
        try await lateAda.visit { $0.renew() }
        try await lateBob.visit { $0.renew() }
        #expect(try await two.user(of: lateAda) == "ada")
        self.clock.advance(by: .seconds(11))
        for site in [one, two] {
            #expect(try await site.user(of: lateAda) == nil)
            #expect(try await site.user(of: lateBob) == nil)
        }
    }

    @Test func aRevocationThatCannotBeWrittenFailsTheRequestAndIsWrittenLater() async throws {
        let (one, two) = (try self.site(), try self.site())
        let visitor = try await one.signedIn()
        #expect(try await two.user(of: visitor) == "ada")
        self.store.mode = .readOnly
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.signedOut() }
        #expect(try await one.user(of: visitor) == nil)
        self.store.mode = .working
        try await one.list?.round(self.clock.sessionClock)
        try await two.list?.refresh(self.clock.sessionClock)
        #expect(try await two.user(of: visitor) == nil)
    }

    @Test func aListThatCannotBeReadIsAnOutage() async throws {
        let (closed, open) = (try self.site(), try self.site { $0.outagePolicy = .anonymous })
        let visitor = try await closed.signedIn()
        for site in [closed, open] { #expect(try await site.user(of: visitor) == "ada") }
        self.store.mode = .unreachable
        self.clock.advance(by: .seconds(10))
        #expect(try await closed.user(of: visitor) == "ada")
        self.clock.advance(by: .milliseconds(1))
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await closed.user(of: visitor) }
        #expect(try await open.user(of: visitor) == nil)
        await #expect(throws: SessionError(.storeUnavailable, "")) {
            var other = open.visitor(cookie: visitor.cookie)
            try await other.visit { $0["n"] = 1 }
        }
        self.store.mode = .working
        #expect(try await closed.user(of: visitor) == "ada")
        #expect(try await open.user(of: visitor) == "ada")
    }

    @Test func aVisitorWithoutACookieNeedsNoList() async throws {
        let site = try self.site()
        self.store.mode = .unreachable
        #expect(try await site.signedIn().cookie != nil)
    }

    /// A wall clock that is put back by less than the time since the last reading makes that look newer than it is.
    @Test(arguments: [-9, -1])
    func theStalenessIsCountedInTheTimeThatPasses(seconds: Int) async throws {
        let (one, two) = (try self.site(), try self.site())
        let visitor = try await one.signedIn()
        #expect(try await two.user(of: visitor) == "ada")
        try await visitor.signedOut()
        self.clock.advance(by: .seconds(10))
        self.clock.now = self.clock.now.adding(.seconds(seconds))
        self.store.mode = .unreachable
        #expect(try await two.user(of: visitor) == "ada")
        self.clock.advance(by: .milliseconds(1))
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await two.user(of: visitor) }
        self.store.mode = .working
        #expect(try await two.user(of: visitor) == nil)
    }

    /// By a clock that is years ahead, all records of the list have expired.
    @Test func aReadingByAClockThatWasAheadIsNone() async throws {
        let (one, two) = (try self.site(), try self.site())
        let visitor = try await one.signedIn()
        #expect(try await two.user(of: visitor) == "ada")
        try await visitor.signedOut()
        self.clock.advance(by: .seconds(11))
        let right = self.clock.now
        self.clock.now = right.adding(.seconds(315_360_000))
        try await two.list?.round(self.clock.sessionClock)
        self.clock.now = right
        #expect(try await two.user(of: visitor) == nil)
    }

    @Test func aSegmentIsClosedAfterAThousandEntriesOrAMinute() async throws {
        let site = try self.site()
        let list = try #require(site.list)
        func segments() async throws -> [SessionRecord] {
            var records: [SessionRecord] = []
            for id in try await self.store.ids(ofUser: RevocationSegment.user, at: self.clock.now) {
                if let record = try await self.store.read(id, at: self.clock.now) { records.append(record) }
            }
            return records
        }
        for _ in 0..<2500 {
            _ = list.end(SessionID(using: .system), at: self.clock.sessionClock.reading, keeping: .seconds(3600))
        }
        try await list.flush(self.clock.sessionClock)
        let counts = try await segments().compactMap { try RevocationSegment.read($0)?.entries.count }.sorted()
        #expect(counts == [500, 1000, 1000])
        self.clock.advance(by: .seconds(60))
        _ = list.end(SessionID(using: .system), at: self.clock.sessionClock.reading, keeping: .seconds(3600))
        try await list.flush(self.clock.sessionClock)
        #expect(try await segments().allSatisfy { try RevocationSegment.read($0)?.isClosed == true })
        self.clock.advance(by: .seconds(3700))
        #expect(try await segments().isEmpty)
    }

    @Test func aSessionOfAUserWithTheListsNameIsNoSegment() async throws {
        let (one, two) = (try self.site(), try self.site())
        let record = SessionRecord(
            id: SessionID(using: .system), secretHash: [], contents: [1, 2, 3], createdAt: self.clock.now,
            idleTimeout: .seconds(60), user: RevocationSegment.user)
        #expect(try await self.store.write(record, replacing: nil, at: self.clock.now))
        let visitor = try await one.signedIn()
        #expect(try await two.user(of: visitor) == "ada")
    }

    @Test func aSegmentThatNobodyCanReadIsAnOutage() async throws {
        let site = try self.site()
        let visitor = try await site.signedIn()
        let record = SessionRecord(
            id: SessionID(using: .system), secretHash: [], contents: [3, 9], createdAt: self.clock.now,
            idleTimeout: .seconds(60), user: RevocationSegment.user)
        #expect(try await self.store.write(record, replacing: nil, at: self.clock.now))
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await site.user(of: visitor) }
    }

    @Test func aSegmentHoldsNoNameOfAUser() async throws {
        let site = try self.site()
        try await site.sessions.revokeAll(of: "ada-lovelace")
        let ids = try await self.store.ids(ofUser: RevocationSegment.user, at: self.clock.now)
        let id = try #require(ids.first)
        let record = try #require(try await self.store.read(id, at: self.clock.now))
        #expect(record.contents.firstRange(of: Array("ada".utf8)) == nil)
    }

    /// The cookie is as old as it was, whatever is put around it.
    @Test func aFlaskCookieThatIsTakenOverByAProcessThatDoesNotKnowYetDiesToo() async throws {
        let flask = try RevocationSite(nil, clock: self.clock) { $0.format = .flask }
        let old = try await flask.signedIn()
        let (one, two) = (try self.site(), try self.site { $0.acceptedFormats = [.flask] })
        try await two.list?.refresh(self.clock.sessionClock)
        self.clock.advance(by: .seconds(1))
        try await one.sessions.revokeAll(of: "ada")
        var late = two.visitor(cookie: old.cookie)
        self.clock.advance(by: .seconds(1))
        try await late.visit()
        #expect(late.cookie != old.cookie)
        #expect(try await two.user(of: late) == "ada")
        self.clock.advance(by: .seconds(10))
        for site in [one, two] { #expect(try await site.user(of: late) == nil) }
    }

    /// A record that is not full is read again.
    @Test func whatEndsLaterIsReadTooFromWhatHasBeenRead() async throws {
        let (one, two) = (try self.site(), try self.site())
        let (ada, bob) = (try await one.signedIn(), try await one.signedIn(as: "bob"))
        for visitor in [ada, bob] {
            try await visitor.signedOut()
            try await two.list?.refresh(self.clock.sessionClock)
            #expect(try await two.user(of: visitor) == nil)
        }
        #expect(try await self.store.ids(ofUser: RevocationSegment.user, at: self.clock.now).count == 1)
    }

    /// A process that does not know yet sends the cookie again, and it expires later.
    @Test func anEndIsRememberedForTheStalenessLonger() async throws {
        let staleness = Duration.seconds(600)
        let sites = try (0..<2).map { _ in
            try RevocationSite(RevocationSite.shared(self.store, staleness: staleness), clock: self.clock)
        }
        let visitor = try await sites[0].signedIn()
        #expect(try await sites[1].user(of: visitor) == "ada")
        try await visitor.signedOut()
        self.clock.advance(by: staleness)
        var late = sites[1].visitor(cookie: visitor.cookie)
        try await late.visit { $0["n"] = 1 }
        #expect(try await sites[1].user(of: late) == "ada")
        self.clock.advance(by: .seconds(3599))
        for site in sites {
            try await site.signedIn(as: "bob").signedOut()
            #expect(try await site.user(of: late) == nil)
            #expect(site.log.text.contains("revoked"))
        }
    }
}
