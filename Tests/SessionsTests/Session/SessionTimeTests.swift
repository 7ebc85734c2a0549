// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A request that is no use of its session, and what is left of a session's time.
@Suite struct SessionTimeTests {
    /// Where sessions are kept; each test has a store of its own.
    enum Place: CaseIterable {
        case sealed, signed, stored, acceptedStore, refreshedOnEachRequest

        var configuration: SessionConfiguration {
            switch self {
            case .sealed: return .standard
            case .signed: return .signed
            case .stored: return .stored(in: MemoryStore())
            case .acceptedStore:
                var configuration = SessionConfiguration.standard
                configuration.acceptedStore = MemoryStore()
                return configuration
            case .refreshedOnEachRequest:
                var configuration = SessionConfiguration.stored(in: MemoryStore())
                configuration.refresh = .permanentOnEachRequest
                return configuration
            }
        }
    }

    /// A browser: it takes the cookie that it is sent, and sends what it has.
    private final class Browser {
        let site: TestSite
        var cookie: String

        init(_ site: TestSite) async throws {
            self.site = site
            self.cookie = try await site.cookie { session in
                session.isPermanent = true
                session.signIn(as: "ada")
            }
        }

        @discardableResult
        func ask(_ handler: (Session) throws -> Void) async throws -> SessionHeaders {
            let headers = try await self.site.visit(self.cookie, handler)
            if headers.setCookie != nil { self.cookie = headers.pair }
            return headers
        }
    }

    @Test(arguments: Place.allCases) func aPollDoesNotKeepASessionAlive(_ place: Place) async throws {
        let site = try TestSite(place.configuration)
        let browser = try await Browser(site)
        for _ in 0..<59 {
            site.clock.advance(by: .seconds(60))
            let headers = try await browser.ask { session in
                session.countsAsUse = false
                #expect(session.user == "ada")
            }
            #expect(headers.setCookie == nil)
        }
        site.clock.advance(by: .seconds(61))
        try await browser.ask { #expect($0.user == nil) }
    }

    @Test(arguments: Place.allCases) func whatAPollChangesIsKeptAndNothingElse(
        _ place: Place
    ) async throws {
        let site = try TestSite(place.configuration)
        let browser = try await Browser(site)
        for number in 1...59 {
            site.clock.advance(by: .seconds(60))
            try await browser.ask { session in
                session.countsAsUse = false
                session["n"] = .int(number)
            }
        }
        try await browser.ask { session in
            session.countsAsUse = false
            #expect(session["n"] == 59)
            #expect(session.timeLeft == .seconds(60))
        }
        site.clock.advance(by: .seconds(61))
        try await browser.ask { #expect($0.user == nil) }
    }

    @Test(arguments: Place.allCases) func theBrowserKeepsTheCookieOfAPollNoLonger(
        _ place: Place
    ) async throws {
        let site = try TestSite(place.configuration)
        let browser = try await Browser(site)
        site.clock.advance(by: .seconds(1800))
        let headers = try await browser.ask { session in
            session.countsAsUse = false
            session["n"] = 1
        }
        #expect(headers.setCookie?.contains("Max-Age=1800;") == true)
    }

    @Test(arguments: Place.allCases) func aUseAndASignInBeginTheIdleTimeAgain(
        _ place: Place
    ) async throws {
        let site = try TestSite(place.configuration)
        for isSignIn in [false, true] {
            let browser = try await Browser(site)
            site.clock.advance(by: .seconds(3000))
            try await browser.ask { session in
                session.countsAsUse = !isSignIn
                #expect(session.user == "ada")
                if isSignIn { session.reauthenticate() }
            }
            site.clock.advance(by: .seconds(3000))
            try await browser.ask { session in
                #expect(session.user == "ada")
                #expect(session.timeLeft == .seconds(600))
            }
        }
    }

    @Test func aPollDoesNotKeepAFlaskCookieAlive() async throws {
        let site = try TestSite(.flask)
        let browser = try await Browser(site)
        let idle = SessionConfiguration.flask.lifetime.idle
        for part in 1...2 {
            site.clock.advance(by: idle / 2 - .seconds(1))
            try await browser.ask { session in
                session.countsAsUse = false
                session["n"] = .int(part)
            }
        }
        try await browser.ask { #expect($0.timeLeft == .seconds(2)) }
        let poll = try await browser.ask { $0.countsAsUse = false }
        #expect(poll.setCookie == nil)
    }

    @Test(arguments: Place.allCases) func theTimeLeftIsThatOfTheNearerLimit(
        _ place: Place
    ) async throws {
        let site = try TestSite(place.configuration)
        let browser = try await Browser(site)
        let begin = site.clock.now
        site.clock.advance(by: .seconds(600))
        try await browser.ask { session in
            #expect(session.timeLeft == .seconds(3000))
            #expect(session.expiresAt == begin.adding(.seconds(3600)))
            #expect(session.absoluteEnd == begin.adding(.seconds(24 * 3600)))
        }
        for _ in 0..<46 {
            try await browser.ask { $0["n"] = 1 }
            site.clock.advance(by: .seconds(1800))
        }
        try await browser.ask { session in
            #expect(session.user == "ada")
            #expect(session.expiresAt == begin.adding(.seconds(600 + 46 * 1800 + 1800)))
        }
        site.clock.advance(by: .seconds(1500))
        try await browser.ask { $0["n"] = 2 }
        site.clock.advance(by: .seconds(300))
        // The idle limit would be an hour away; the absolute one comes first.
        try await browser.ask { session in
            #expect(session.expiresAt == session.absoluteEnd)
            #expect(session.timeLeft == .seconds(24 * 3600 - 600 - 46 * 1800 - 1800))
        }
    }

    @Test(arguments: Place.allCases) func aNewSessionHasNoEndYet(_ place: Place) async throws {
        try await TestSite(place.configuration).visit { session in
            #expect(session.expiresAt == nil)
            #expect(session.absoluteEnd == nil)
            #expect(session.timeLeft == nil)
            #expect(session.countsAsUse)
        }
    }

    @Test func aSessionOfItsOwnLimitsSaysThem() async throws {
        let site = try TestSite(.stored(in: MemoryStore()))
        let cookie = try await site.cookie { session in
            session["n"] = 1
            session.lifetime = SessionLifetime(idle: .seconds(100), absolute: nil)
        }
        try await site.visit(cookie) { session in
            #expect(session.timeLeft == .seconds(100))
            #expect(session.absoluteEnd == nil)
        }
    }

    /// Flask's cookies do not say when the session began.
    @Test func aPollThatConvertsAFlaskCookieIsItsBeginning() async throws {
        var configuration = SessionConfiguration.flask
        configuration.lifetime = SessionLifetime(idle: .seconds(31 * 86400), absolute: .seconds(7 * 86400))
        let flask = try TestSite(configuration)
        let cookie = try await flask.cookie {
            $0.isPermanent = true; $0["user"] = "ada"
        }
        for format in [SessionFormat.sealed, .signed] {
            configuration.format = format
            configuration.acceptedFormats = [.flask]
            let site = try TestSite(configuration)
            site.clock.advance(by: .seconds(10 * 86400))
            let converted = try await site.visit(cookie) { $0.countsAsUse = false }.pair
            #expect(!converted.isEmpty)
            try await site.visit(converted) { session in
                #expect(session["user"] == "ada")
                #expect(session.timeLeft == .seconds(7 * 86400))
            }
        }
    }

    @Test func toSayThatARequestIsNoUseIsNoLook() async throws {
        let site = try TestSite()
        let cookie = try await site.cookie()
        #expect(try await site.visit(cookie) { $0.countsAsUse = false } == SessionHeaders())
    }
}
