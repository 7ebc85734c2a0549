// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import HTTPTypes
import SessionsPages
import SessionsTesting
import Synchronization
import TestSupport
import Testing

/// The page without a server: what it shows, and what its forms do.
@Suite struct SignedInDevicesTests {
    private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    private static let links = PageLinks(page: "/account/devices")

    private let clock = ManualClock()
    private let sessions: SessionManager
    private let devices: SignedInDevices

    init() throws {
        try self.init(.stored(in: MemoryStore()))
    }

    private init(_ place: SessionPlace) throws {
        self.sessions = try SessionManager(
            keys: StoreSite.keys, configuration: SessionConfiguration(place), clock: self.clock.sessionClock)
        self.devices = SignedInDevices(self.sessions)
    }

    /// A browser: what it does in a request, and the cookie that it keeps.
    private final class Visitor: Sendable {
        private let sessions: SessionManager
        private let agent: String?
        private let kept = Mutex<String?>(nil)

        var cookie: String? { self.kept.withLock(\.self) }

        init(_ sessions: SessionManager, agent: String?) {
            self.sessions = sessions
            self.agent = agent
        }

        @discardableResult
        func visit<Value>(_ body: (Session) async throws -> Value) async throws -> Value {
            let session = try await self.sessions.open(self.cookie.map { [$0] } ?? [], userAgent: self.agent)
            let value = try await body(session)
            if let setCookie = try await self.sessions.commit(session).setCookie {
                self.kept.withLock { $0 = String(setCookie.prefix { $0 != ";" }) }
            }
            return value
        }
    }

    private func signedIn(as user: String = "ada", agent: String? = Self.firefox) async throws -> Visitor {
        let visitor = Visitor(self.sessions, agent: agent)
        try await visitor.visit { $0.signIn(as: user) }
        return visitor
    }

    private func page(_ visitor: Visitor, _ devices: SignedInDevices? = nil) async throws -> String {
        try await visitor.visit { session in
            let page = try await (devices ?? self.devices).page(for: session, links: Self.links)
            return String(decoding: page.body, as: UTF8.self)
        }
    }

    /// Sends a form of the page.
    private func send(_ fields: [String: String], by visitor: Visitor) async throws -> PageResponse {
        try await visitor.visit { session in
            let fields = fields.merging([CrossSiteGuard.fieldName: session.csrfToken]) { own, _ in own }
            return try await self.devices.answer({ fields[$0] }, for: session, links: Self.links)
        }
    }

    private func names(_ page: String) -> [String] {
        page.split(separator: "name=\"device\" value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    private func user(_ visitor: Visitor) async throws -> String? {
        try await visitor.visit { $0.user }
    }

    // MARK: - What it shows

    @Test func eachSessionIsShownAndThisOneComesFirst() async throws {
        let here = try await self.signedIn()
        self.clock.advance(by: .seconds(120))
        _ = try await self.signedIn(agent: "<b>/1.0")
        _ = try await self.signedIn(agent: "curl/8.0")
        _ = try await self.signedIn(as: "grace", agent: "wget/1.0")
        let page = try await self.page(here)
        #expect(page.contains("<h2>Firefox on Linux</h2>\n<p class=\"here\">This device</p>"))
        #expect(page.contains("<h2>curl</h2>") && page.contains("<h2>Unknown device</h2>"))
        #expect(!page.contains("wget") && !page.contains("<b>"))
        #expect(page.ranges(of: "This device").count == 1)
        let own = try #require(page.firstRange(of: "Firefox on Linux"))
        let other = try #require(page.firstRange(of: "<h2>curl</h2>"))
        #expect(own.lowerBound < other.lowerBound)
        #expect(page.contains("<time datetime=\"2023-11-14T22:13:20Z\">2 minutes ago</time>"))
        #expect(page.contains("<time datetime=\"2023-11-14T22:15:20Z\">just now</time>"))
        #expect(self.names(page).count == 2)
        #expect(page.contains("aria-label=\"Sign out curl\">Sign out</button>"))
        #expect(page.contains("Sign out all other devices") && !page.contains("on no other device"))
    }

    @Test func whereThereIsNoOtherDeviceThereIsNoButton() async throws {
        let page = try await self.page(try await self.signedIn())
        #expect(page.contains("You are signed in on no other device."))
        #expect(!page.contains("<button") && !page.contains("csrf_token"))
    }

    @Test func nothingOnThePageOpensASession() async throws {
        let (here, there) = (try await self.signedIn(), try await self.signedIn())
        let page = try await self.page(here)
        for visitor in [here, there] {
            let cookie = try #require(visitor.cookie?.split(separator: "=", maxSplits: 1).last)
            for part in cookie.split(separator: ".") { #expect(!page.contains(part)) }
        }
        // An id in the place of the cookie does not either.
        let name = try #require(here.cookie?.prefix { $0 != "=" })
        for id in self.names(page) {
            #expect(try await self.sessions.open(["\(name)=\(id)"]).user == nil)
        }
    }

    @Test func ofVeryManySessionsSomeAreShownAndThisOneAmongThem() async throws {
        let here = try await self.signedIn()
        var others: [Visitor] = []
        for _ in 0..<60 { others.append(try await self.signedIn(agent: "curl/8.0")) }
        let page = try await self.page(here)
        #expect(page.contains("<p>50 of your sign-ins are shown. There are more, and some of those"))
        #expect(page.ranges(of: "class=\"device\"").count == 50 && self.names(page).count == 49)
        #expect(page.contains("<h2>Firefox on Linux</h2>\n<p class=\"here\">This device</p>"))
        #expect(page.utf8.count < 50_000)
        // One that is shown, and one that is not.
        let shown = try #require(self.names(page).first)
        let all = try await self.sessions.activeSessions(of: "ada").filter { $0.deviceLabel == "curl" }
        let hidden = try #require(all.map(\.id.description).first { !page.contains($0) })
        for (name, left) in [(shown, 60), (hidden, 59)] {
            _ = try await self.send(["device": name], by: here)
            #expect(try await self.page(here).contains("Signed out: curl."))
            #expect(try await self.sessions.activeSessions(of: "ada").count == left)
        }
        _ = try await self.send(["others": "1"], by: here)
        #expect(try await self.page(here).contains("You are signed in on no other device."))
        for other in others { #expect(try await self.user(other) == nil) }
        #expect(try await self.user(here) == "ada")
    }

    @Test func thePageOfAUserWithVeryManySessionsReadsFew() async throws {
        let store = RobotStore()
        let site = try Self(.stored(in: store))
        let here = try await site.signedIn(as: RobotStore.robot)
        let before = store.readCount
        let page = try await site.page(here)
        #expect(page.contains("This device") && site.names(page).count == 49)
        // The session's own record is read for the request, and when it is written.
        #expect(store.readCount - before <= 53 && store.wholeListCount == 0)
    }

    @Test func noCacheKeepsThePageAndNoScriptRunsOnIt() async throws {
        let visitor = try await self.signedIn()
        let page = try await visitor.visit { try await self.devices.page(for: $0, links: Self.links) }
        #expect(page.status == .ok)
        #expect(page.headers[.cacheControl] == "no-store")
        #expect(page.headers[.contentType] == "text/html; charset=utf-8")
        let policy = try #require(page.headers[.contentSecurityPolicy])
        #expect(policy.contains("script-src 'none'") && policy.contains("default-src 'self'"))
        let text = String(decoding: page.body, as: UTF8.self)
        // The policy allows no style in the page itself.
        #expect(text.contains("href=\"/account/devices/style.css\"") && !text.contains("style="))
        #expect(SignedInDevices.style.headers[.contentType] == "text/css; charset=utf-8")
    }

    @Test func theTextsCanBeReplacedAndAreEscaped() async throws {
        var texts = SignedInDevices.Texts()
        texts.language = "de"
        texts.isRightToLeft = true
        texts.title = "Wo Sie <angemeldet> sind"
        texts.thisDevice = "Dieses Gerät"
        texts.unknownDevice = "<i>?</i>"
        texts.signOutDevice = { "Abmelden: \"\($0)\"" }
        texts.time = { date, now in "vor \(Int(now.timeIntervalSince(date))) s" }
        let devices = SignedInDevices(
            self.sessions, texts: texts, header: { "<a href=\"/\">Start</a>" })
        let here = try await self.signedIn()
        _ = try await self.signedIn(agent: "curl/8.0")
        _ = try await self.signedIn(agent: nil)
        let page = try await self.page(here, devices)
        #expect(page.contains("<html lang=\"de\" dir=\"rtl\">"))
        #expect(page.contains("<title>Wo Sie &lt;angemeldet&gt; sind</title>"))
        #expect(page.contains("<h2>&lt;i&gt;?&lt;/i&gt;</h2>") && !page.contains("<i>"))
        #expect(page.contains("Dieses Gerät") && page.contains(">vor 0 s</time>"))
        #expect(page.contains("aria-label=\"Abmelden: &#34;curl&#34;\""))
        #expect(page.contains("<header><a href=\"/\">Start</a></header>"))
    }

    // MARK: - Who may see it

    @Test func onlyARecentSignInShowsIt() async throws {
        let visitor = try await self.signedIn()
        self.clock.advance(by: .seconds(601))
        let stale = await #expect(throws: SignInRequired.self) { try await self.page(visitor) }
        #expect(stale?.kind == .notFresh)
        let stranger = await #expect(throws: SignInRequired.self) {
            try await self.page(Visitor(self.sessions, agent: nil))
        }
        #expect(stranger?.kind == .notSignedIn)
        try await visitor.visit { $0.reauthenticate() }
        #expect(try await self.page(visitor).contains("This device"))
    }

    @Test func withoutARecentSignInNothingIsEnded() async throws {
        let (here, there) = (try await self.signedIn(), try await self.signedIn())
        let name = try #require(self.names(try await self.page(here)).first)
        self.clock.advance(by: .seconds(601))
        for fields in [["device": name], ["others": "1"]] {
            let answer = try await self.send(fields, by: here)
            #expect(answer.status == .seeOther && answer.headers[.location] == "/account/devices")
        }
        #expect(try await self.user(there) == "ada")
        try await here.visit { $0.reauthenticate() }
        #expect(try await !self.page(here).contains("role=\"status\""))
    }

    // MARK: - What its forms do

    @Test func oneDeviceIsEnded() async throws {
        let (here, there) = (try await self.signedIn(), try await self.signedIn(agent: "curl/8.0"))
        let elsewhere = try await self.signedIn(agent: "wget/1.0")
        let page = try await self.page(here)
        let button = try #require(page.split(separator: "<button").first { $0.contains("Sign out curl") })
        let name = try #require(self.names("<button\(button)").first)
        let answer = try await self.send(["device": name], by: here)
        #expect(answer.status == .seeOther && answer.headers[.location] == "/account/devices")
        #expect(try await self.user(there) == nil)
        #expect(try await self.user(elsewhere) == "ada")
        #expect(try await self.page(here).contains("role=\"status\">Signed out: curl.</p>"))
        #expect(try await !self.page(here).contains("role=\"status\""))
        // The Back button and a second click.
        _ = try await self.send(["device": name], by: here)
        #expect(try await self.page(here).contains("That device was not signed in any more."))
    }

    @Test func allOthersAreEnded() async throws {
        let (here, there) = (try await self.signedIn(), try await self.signedIn())
        let grace = try await self.signedIn(as: "grace")
        _ = try await self.send(["others": "1"], by: here)
        #expect(try await self.user(there) == nil)
        #expect(try await self.user(grace) == "grace")
        #expect(try await self.page(here).contains("All other devices are signed out."))
    }

    @Test func noFormEndsTheSessionsOfAnotherUserOrThisOne() async throws {
        let (ada, grace) = (try await self.signedIn(), try await self.signedIn(as: "grace"))
        let ids = try await self.sessions.activeSessions(of: "grace") + self.sessions.activeSessions(of: "ada")
        for id in ids.map(\.id.description) {
            for name in [id, String(id.prefix(12)), String(id.prefix(1)), ""] {
                _ = try await self.send(["device": name], by: ada)
            }
        }
        _ = try await self.send([:], by: ada)
        #expect(try await self.user(ada) == "ada")
        #expect(try await self.user(grace) == "grace")
    }

    @Test(arguments: [nil, "", "wrong"])
    func aFormWithoutItsTokenIsRefused(token: String?) async throws {
        let (here, there) = (try await self.signedIn(), try await self.signedIn())
        let name = try #require(self.names(try await self.page(here)).first)
        for fields in [["device": name], ["others": "1"]] {
            await #expect(throws: CrossSiteRefusal.self) {
                try await here.visit { session in
                    let fields = fields.merging([CrossSiteGuard.fieldName: token ?? ""]) { own, _ in own }
                    return try await self.devices.answer(
                        { $0 == CrossSiteGuard.fieldName ? token : fields[$0] }, for: session, links: Self.links)
                }
            }
        }
        #expect(try await self.user(there) == "ada")
    }

    // MARK: - Sessions in cookies

    @Test(arguments: [
        (SessionPlace.cookies(.sealed), true), (.cookies(.sealed, revocations: .off), false),
        (.cookies(.signed), false),
    ])
    func withoutAListThePageSaysSo(place: SessionPlace, canEndOthers: Bool) async throws {
        let site = try Self(place)
        let (here, there) = (try await site.signedIn(), try await site.signedIn())
        let page = try await site.page(here)
        #expect(page.contains("This site keeps no list of the devices"))
        #expect(page.contains("Sign out all other devices") == canEndOthers)
        #expect(!page.contains("on no other device") && !page.contains("<ul"))
        guard canEndOthers else { return }
        _ = try await site.send(["others": "1"], by: here)
        #expect(try await site.user(there) == nil)
        #expect(try await site.user(here) == "ada")
    }
}
