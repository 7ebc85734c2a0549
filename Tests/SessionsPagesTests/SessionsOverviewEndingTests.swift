// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsPages
import SessionsTesting
import TestSupport
import Testing

/// What the forms of the operator's page end, and who is named in the events.
@Suite struct SessionsOverviewEndingTests {
    private let site: OperatorSite

    init() throws {
        self.site = try OperatorSite()
    }

    // MARK: - One session, and one user's

    @Test func oneSessionEndsAndTheEventNamesTheOperator() async throws {
        let (ada, grace) = (try await self.site.signedIn(), try await self.site.signedIn(as: "grace"))
        let other = try await self.site.signedIn(as: "grace")
        let id = try await grace.id.description
        let events = self.site.sessions.events
        #expect(
            try await ada.send(["session": id, "user": "grace", "over": "day"]) == "/admin/sessions?user=grace&over=day"
        )
        #expect(events.taken(.revoked) == ["grace by ada"])
        #expect(try await grace.user == nil)
        #expect(try await other.user == "grace")
        #expect(try await ada.page().contains("role=\"status\">Ended: the session of grace, curl.</p>"))
        #expect(try await !ada.page().contains("role=\"status\""))
        // The Back button and a second click.
        for text in [id, "", "junk", String(id.prefix(12))] {
            try await ada.send(["session": text])
            #expect(try await ada.page().contains("That session had ended already."))
        }
        #expect(events.taken(.revoked) == [])
    }

    @Test func theOperatorsOwnSessionStays() async throws {
        let (ada, elsewhere) = (try await self.site.signedIn(), try await self.site.signedIn())
        try await ada.send(["session": ada.id.description])
        #expect(try await ada.page().contains("That is the session in which you are."))
        let events = self.site.sessions.events
        try await ada.send(["all_of": "ada"])
        #expect(events.taken(.revoked) == ["ada by ada"])
        #expect(try await ada.user == "ada")
        #expect(try await elsewhere.user == nil)
    }

    @Test func oneUsersSessionsEnd() async throws {
        let ada = try await self.site.signedIn()
        let (first, second) = (try await self.site.signedIn(as: "grace"), try await self.site.signedIn(as: "grace"))
        let eve = try await self.site.signedIn(as: "eve")
        let question = try await ada.page(["user": "grace", "end": "user"])
        #expect(question.contains("<h2>End all sessions of grace?</h2>"))
        #expect(question.contains("name=\"all_of\" value=\"grace\">"))
        #expect(question.contains("href=\"/admin/sessions?user=grace\">Cancel</a>"))
        #expect(try await first.user == "grace")
        let events = self.site.sessions.events
        #expect(try await ada.send(["all_of": "grace", "user": "grace"]) == "/admin/sessions?user=grace")
        #expect(events.taken(.revoked) == ["grace by ada", "grace by ada"])
        #expect(try await ada.page().contains("Ended: sessions of grace, 2 in number."))
        #expect(try await (first.user, second.user) == (nil, nil))
        #expect(try await eve.user == "eve")
    }

    // MARK: - Everybody's

    @Test func allSessionsButTheOperatorsEnd() async throws {
        let ada = try await self.site.signedIn()
        var others = try await [self.site.signedIn(), self.site.signedIn(as: "grace")]
        for _ in 0..<20 { others.append(try await self.site.signedIn(as: "robot")) }
        let anonymous = OperatorVisitor(self.site)
        try await anonymous.visit { $0["cart"] = 1 }
        let question = try await ada.page(["end": "everybody"])
        #expect(question.contains("<h2>End the sessions of all users but this one?</h2>"))
        #expect(question.contains("name=\"everybody\" value=\"1\">"))
        let events = self.site.sessions.events
        self.site.clock.advance(by: .seconds(60))
        #expect(try await ada.send(["everybody": "1"]) == "/admin/sessions")
        try await eventually("all are ended") {
            try await ada.page().contains("All other sessions have been ended: 23 (ada, just now).")
        }
        for other in others { #expect(try await other.user == nil) }
        #expect(try await anonymous.visit { $0["cart"] } == nil)
        #expect(try await ada.user == "ada")
        let told = events.taken(.revoked)
        #expect(told.count == 23 && told.allSatisfy { $0.hasSuffix(" by ada") })
        #expect(self.site.log.text.contains("an operator ends the sessions of all users"))
    }

    @Test func whoSignsInAfterwardsStays() async throws {
        let store = GatedStore()
        let site = try OperatorSite(.stored(in: store))
        let ada = try await site.signedIn()
        let before = try await site.signedIn(as: "grace")
        site.clock.advance(by: .seconds(1))
        store.isClosed = true
        try await ada.send(["everybody": "1"])
        // A second one does not begin while it runs.
        try await ada.send(["everybody": "1"])
        site.clock.advance(by: .seconds(1))
        let after = try await site.signedIn(as: "grace")
        store.isClosed = false
        try await eventually("all are ended") { try await ada.page().contains("have been ended: 1 (ada") }
        #expect(try await before.user == nil)
        #expect(try await after.user == "grace")
    }

    @Test func anEndingThatStopsHalfWaySaysSo() async throws {
        let store = GatedStore()
        let site = try OperatorSite(.stored(in: store))
        let ada = try await site.signedIn()
        let grace = try await site.signedIn(as: "grace")
        store.fails = true
        try await ada.send(["everybody": "1"])
        try await eventually("it has stopped") { site.log.text.contains("the session store failed") }
        store.fails = false
        try await eventually("the page says so") {
            try await ada.page().contains("The ending of all sessions stopped after 0, because the store failed")
        }
        #expect(try await grace.user == "grace")
        try await ada.send(["everybody": "1"])
        try await eventually("it began again") { try await ada.page().contains("have been ended: 1 (ada") }
    }

    // MARK: - Who may

    @Test(arguments: [["session": "ID"], ["all_of": "grace"], ["everybody": "1"]])
    func onlyAnOperatorWithARecentSignInEndsSessions(fields: [String: String]) async throws {
        let (ada, eve) = (try await self.site.signedIn(), try await self.site.signedIn(as: "eve"))
        let grace = try await self.site.signedIn(as: "grace")
        var fields = fields
        if fields["session"] != nil { fields["session"] = try await grace.id.description }
        let events = self.site.sessions.events
        await #expect(throws: PageForbidden.self) { try await eve.send(fields) }
        #expect(try await OperatorVisitor(self.site).send(fields) == "/admin/sessions")
        for token in [nil, "", "wrong"] {
            await #expect(throws: CrossSiteRefusal.self) {
                try await ada.visit { session in
                    try await self.site.overview.answer(
                        { $0 == CrossSiteGuard.fieldName ? token : fields[$0] }, for: session,
                        links: OperatorSite.links)
                }
            }
        }
        self.site.clock.advance(by: .seconds(601))
        #expect(try await ada.send(fields) == "/admin/sessions")
        #expect(events.taken(.revoked) == [])
        #expect(try await grace.user == "grace")
        try await ada.visit { $0.reauthenticate() }
        #expect(try await !ada.page().contains("role=\"status\""))
    }

    // MARK: - Other places

    @Test(arguments: [
        (SessionPlace.cookies(.sealed), true), (.cookies(.sealed, revocations: .off), false),
        (.cookies(.signed), false),
    ])
    func withoutAStoreThePageSaysSo(place: SessionPlace, canEnd: Bool) async throws {
        let site = try OperatorSite(place)
        let (ada, grace) = (try await site.signedIn(), try await site.signedIn(as: "grace"))
        let page = try await ada.page()
        #expect(page.contains("This site keeps no sessions in a store"))
        #expect(page.contains("Nor can they be ended here.") == !canEnd)
        #expect(page.contains("End all sessions of this user") == canEnd)
        #expect(page.contains("What happened") && !page.contains("End all sessions but this one"))
        let events = site.sessions.events
        for fields in [["session": String(repeating: "0", count: 32)], ["everybody": "1"]] {
            try await ada.send(fields)
            #expect(try await ada.page().contains("cannot be ended here."))
        }
        try await ada.send(["all_of": "grace"])
        #expect(try await ada.page().contains(canEnd ? "Ended: all sessions of grace." : "cannot be ended here."))
        #expect(events.taken(.revoked) == (canEnd ? ["grace by ada"] : []))
        #expect(try await grace.user == (canEnd ? nil : "grace"))
    }

    /// The first step from Flask's cookies into a store: what is in the store already is shown, and cannot be ended.
    @Test func aStoreThatIsOnlyReadIsListedAndNotEnded() async throws {
        let place = SessionPlace.cookies(.signed, reading: .stored(in: MemoryStore()))
        let site = try OperatorSite(place)
        let ada = try await site.signedIn()
        #expect(try await ada.page().contains("<dt>Store</dt><dd>MemoryStore</dd>"))
        try await ada.send(["everybody": "1"])
        #expect(try await ada.page().contains("cannot be ended here."))
    }

    @Test func aStoreThatCannotListIsSearched() async throws {
        let site = try OperatorSite(.stored(in: OutageStore(MemoryStore())))
        let (ada, grace) = (try await site.signedIn(), try await site.signedIn(as: "grace"))
        let page = try await ada.page()
        #expect(page.contains("This site&#39;s store cannot list its sessions"))
        #expect(page.contains("<dt>Store</dt><dd>OutageStore</dd>") && !page.contains("End all sessions but this one"))
        try await ada.send(["everybody": "1"])
        #expect(try await ada.page().contains("cannot be ended here."))
        #expect(try await ada.page(["user": "grace"]).contains("<code>\(try await grace.id)</code>"))
        try await ada.send(["all_of": "grace"])
        #expect(try await grace.user == nil)
    }

    @Test func aStoreThatIsOutOfReachIsAnError() async throws {
        let store = GatedStore()
        let site = try OperatorSite(.stored(in: store))
        let ada = try await site.signedIn()
        store.fails = true
        let error = await #expect(throws: SessionError.self) { try await ada.page() }
        #expect(error?.kind == .storeUnavailable)
        #expect(site.log.text.contains("the session store failed"))
    }

    // MARK: - The devices of a user

    @Test func usersAreNamedWhoEndTheirOwnSessions() async throws {
        let devices = SignedInDevices(self.site.sessions)
        let (here, there) = (try await self.site.signedIn(), try await self.site.signedIn())
        let elsewhere = try await self.site.signedIn()
        let events = self.site.sessions.events
        let name = try await there.id.description
        for fields in [["device": name], ["others": "1"]] {
            try await here.visit { session in
                let fields = fields.merging([CrossSiteGuard.fieldName: session.csrfToken]) { own, _ in own }
                return try await devices.answer({ fields[$0] }, for: session, links: OperatorSite.links)
            }
            #expect(events.taken(.revoked) == ["ada by ada"])
        }
        #expect(try await (there.user, elsewhere.user) == (nil, nil))
    }
}
