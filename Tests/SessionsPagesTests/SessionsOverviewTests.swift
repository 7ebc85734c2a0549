// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import SessionsPages
import SessionsTesting
import TestSupport
import Testing

/// The operator's page without a server: who may see it, and what it shows.
@Suite struct SessionsOverviewTests {
    // MARK: - Who may see it

    @Test func onlyTheUsersThatTheSiteNamesSeeIt() async throws {
        let site = try OperatorSite()
        let (ada, grace) = (try await site.signedIn(), try await site.signedIn(as: "grace"))
        #expect(try await ada.page().contains("<h1>Sessions</h1>"))
        await #expect(throws: PageForbidden.self) { try await grace.page() }
        let stranger = await #expect(throws: SignInRequired.self) { try await OperatorVisitor(site).page() }
        #expect(stranger?.kind == .notSignedIn)
        #expect(site.log.text.contains("may not see the operator's page"))
        #expect(site.log.text.contains("grace"))
    }

    @Test func aVisitorWithoutASignInIsNotAskedAbout() async throws {
        let site = try OperatorSite(allowing: { _ in
            Issue.record("The closure is for signed-in users.")
            return true
        })
        await #expect(throws: SignInRequired.self) { try await OperatorVisitor(site).page() }
        #expect(try await OperatorVisitor(site).send(["everybody": "1"]) == "/admin/sessions")
    }

    @Test func whoMayNotSeeItIsNotAskedForAPassword() async throws {
        let site = try OperatorSite()
        let (ada, grace) = (try await site.signedIn(), try await site.signedIn(as: "grace"))
        site.clock.advance(by: .seconds(601))
        let stale = await #expect(throws: SignInRequired.self) { try await ada.page() }
        #expect(stale?.kind == .notFresh)
        await #expect(throws: PageForbidden.self) { try await grace.page() }
        try await ada.visit { $0.reauthenticate() }
        #expect(try await ada.page().contains("<h1>Sessions</h1>"))
    }

    @Test func anErrorOfTheSitesOwnCheckIsPassedOn() async throws {
        struct Unreachable: Error {}
        let site = try OperatorSite(allowing: { _ in throw Unreachable() })
        let ada = try await site.signedIn()
        await #expect(throws: Unreachable.self) { try await ada.page() }
        await #expect(throws: Unreachable.self) { try await ada.send(["everybody": "1"]) }
    }

    // MARK: - What it shows

    @Test func theNumbersAreThoseOfTheStore() async throws {
        let site = try OperatorSite()
        let ada = try await site.signedIn()
        _ = try await (site.signedIn(as: "grace"), site.signedIn(as: "grace"))
        try await OperatorVisitor(site).visit { $0["cart"] = 1 }
        let page = try await ada.page()
        for (name, value) in [
            ("Store", "MemoryStore"), ("Live sessions", "4"), ("Signed-in sessions", "3"), ("Signed-in users", "2"),
        ] {
            #expect(page.contains("<dt>\(name)</dt><dd>\(value)</dd>"))
        }
    }

    @Test func eachSessionIsShownAndOneIsMarked() async throws {
        let site = try OperatorSite()
        let ada = try await site.signedIn()
        let grace = try await site.signedIn(as: "<i>grace", agent: "wget/1.0")
        try await OperatorVisitor(site).visit { $0["cart"] = 1 }
        site.clock.advance(by: .seconds(120))
        let page = try await ada.page()
        #expect(page.contains("<h3><bdi>&lt;i&gt;grace</bdi></h3>") && !page.contains("<i>"))
        #expect(page.contains("<h3>No user</h3>"))
        #expect(page.ranges(of: "This session").count == 1)
        #expect(page.contains("<code>\(try await grace.id)</code>"))
        #expect(page.contains("aria-label=\"End the session of &lt;i&gt;grace, wget\">End</button>"))
        #expect(page.contains("<time datetime=\"2023-11-14T22:13:20Z\">2 minutes ago</time>"))
        // There is no button for the operator's own.
        #expect(page.ranges(of: "name=\"session\"").count == 2)
        #expect(!page.contains("name=\"session\" value=\"\(try await ada.id)\""))
    }

    @Test func aSearchShowsOneUsersSessions() async throws {
        let site = try OperatorSite()
        let ada = try await site.signedIn()
        let name = "grace & co"
        let grace = try await site.signedIn(as: name)
        let page = try await ada.page(["user": name])
        #expect(page.contains("<h2 id=\"list\">Sessions of grace &amp; co</h2>"))
        #expect(page.contains("<code>\(try await grace.id)</code>"))
        #expect(!page.contains("<code>\(try await ada.id)</code>"))
        #expect(page.contains("name=\"user\" value=\"grace &amp; co\""))
        #expect(page.contains("href=\"/admin/sessions?user=grace%20%26%20co&amp;end=user\""))
        let nobody = try await ada.page(["user": "eve"])
        #expect(nobody.contains("There are no sessions here.") && !nobody.contains("End all sessions of eve"))
    }

    @Test func ofVeryManySessionsSomeAreShown() async throws {
        let site = try OperatorSite()
        let ada = try await site.signedIn()
        for _ in 0..<101 { _ = try await site.signedIn(as: "robot") }
        let found = try await ada.page(["user": "robot"])
        #expect(
            found.contains(
                "<p>50 sessions of this user are shown. There are more, and some of those may have been used later.</p>"
            ))
        #expect(found.ranges(of: "name=\"session\"").count == 50)
        var (seen, query) = (Set<Substring>(), [String: String]())
        for _ in 0..<6 {
            let page = try await ada.page(query)
            let ids = page.split(separator: "<code>").dropFirst().map { $0.prefix(32) }
            #expect((1...20).contains(ids.count) && seen.isDisjoint(with: ids))
            seen.formUnion(ids)
            guard let end = page.firstRange(of: "\">Next page") else { break }
            let link = try #require(page[..<end.lowerBound].split(separator: "href=\"/admin/sessions?after=").last)
            query = ["after": String(link)]
        }
        #expect(seen.count == 102)
        // A cursor that leads nowhere leads to the first page.
        #expect(try await ada.page(["after": "nowhere"]).contains("Next page"))
    }

    @Test func aUserWithVeryManySessionsIsShownWithoutReadingThemAll() async throws {
        let store = RobotStore()
        let site = try OperatorSite(.stored(in: store))
        let ada = try await site.signedIn()
        let before = store.readCount
        let page = try await ada.page(["user": RobotStore.robot])
        #expect(page.ranges(of: "name=\"session\"").count == 50)
        #expect(page.contains("50 sessions of this user are shown. There are more"))
        // The operator's own session is one of them.
        #expect(store.readCount - before <= 60 && store.wholeListCount == 0)
    }

    @Test func whatHappenedIsAChartAndATable() async throws {
        let site = try OperatorSite()
        let ada = try await site.signedIn()
        _ = try await (site.signedIn(as: "grace"), site.signedIn(as: "grace"))
        site.clock.advance(by: .seconds(300))
        try await ada.send(["all_of": "grace"])
        _ = try await site.sessions.open(["__Host-session=junk"])
        try await eventually("all of it is counted") {
            try await ada.page().contains(
                "<tr><th scope=\"row\"><time datetime=\"2023-11-14T22:15:00Z\">22:15</time></th><td>0</td><td>2</td>"
                    + "<td>1</td></tr>")
        }
        let page = try await ada.page()
        #expect(page.contains("22:10</time></th><td>3</td><td>0</td><td>0</td></tr>"))
        #expect(page.ranges(of: "<th scope=\"row\">").count == 12)
        #expect(page.contains("aria-label=\"Sign-ins: 3 in all, the highest bar is 3\""))
        #expect(page.contains("viewBox=\"0 0 120 60\"><rect x=\"101\" y=\"0\" width=\"8\" height=\"60\"/></svg>"))
        #expect(page.contains("aria-label=\"Sessions ended: 2 in all, the highest bar is 2\""))
        #expect(page.contains("aria-label=\"Cookies refused: 1 in all, the highest bar is 1\""))
        #expect(page.contains("which began to count 5 minutes ago."))
        let day = try await ada.page(["over": "day"])
        #expect(day.contains("22:00</time></th><td>3</td><td>2</td><td>1</td></tr>"))
        #expect(day.ranges(of: "<th scope=\"row\">").count == 24)
        #expect(day.contains("aria-current=\"true\" href=\"/admin/sessions?over=day\""))
    }

    @Test func nothingOnThePageOpensASession() async throws {
        let site = try OperatorSite()
        let (ada, grace) = (try await site.signedIn(), try await site.signedIn(as: "grace"))
        for query in [[:], ["user": "grace"], ["user": "grace", "end": "user"], ["end": "everybody"]] {
            let page = try await ada.page(query)
            for visitor in [ada, grace] {
                let cookie = try #require(visitor.cookie?.split(separator: "=", maxSplits: 1).last)
                for part in cookie.split(separator: ".") { #expect(!page.contains(part)) }
            }
        }
    }

    @Test func noCacheKeepsThePageAndNoScriptRunsOnIt() async throws {
        let site = try OperatorSite()
        let page = try await site.signedIn().visit { session in
            try await site.overview.page({ _ in nil }, for: session, links: OperatorSite.links)
        }
        #expect(page.headers[.cacheControl] == "no-store")
        #expect(page.headers[.contentSecurityPolicy]?.contains("script-src 'none'") == true)
        let text = String(decoding: page.body, as: UTF8.self)
        // The policy allows no style in the page itself.
        #expect(!text.contains("style=") && !text.contains("<script"))
        #expect(text.contains("href=\"/admin/sessions/style.css\""))
        #expect(SessionsOverview.style.headers[.contentType] == "text/css; charset=utf-8")
        #expect(String(decoding: SessionsOverview.style.body, as: UTF8.self).contains("rect {"))
    }

    @Test func theTextsCanBeReplacedAndAreEscaped() async throws {
        var texts = SessionsOverview.Texts()
        texts.language = "ar"
        texts.isRightToLeft = true
        texts.title = "<Sitzungen>"
        texts.number = { "<\($0)>" }
        texts.numbers.sessions = "Lebende & Sitzungen"
        texts.list.endSession = { user, _ in "Beenden: \"\(user ?? "?")\"" }
        texts.activity.summary = { sum, most in "\(sum)/\(most)" }
        let site = try OperatorSite(texts: texts)
        let ada = try await site.signedIn()
        _ = try await site.signedIn(as: "grace")
        let page = try await ada.page()
        #expect(page.contains("<html lang=\"ar\" dir=\"rtl\">"))
        #expect(page.contains("<h1>&lt;Sitzungen&gt;</h1>"))
        #expect(page.contains("<dt>Lebende &amp; Sitzungen</dt><dd>&lt;2&gt;</dd>"))
        #expect(page.contains("aria-label=\"Beenden: &#34;grace&#34;\""))
        #expect(page.contains("<span>&lt;0&gt;/&lt;0&gt;</span>"))
    }
}
