// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// The `Set-Cookie` lines of stored sessions.
@Suite struct StoreCookieTests {
    private let attributes = "; Secure; HttpOnly; Path=/; SameSite=Lax"

    /// A line's value and what follows it.
    private func parts(_ line: String?) throws -> (value: String, rest: String) {
        let line = try #require(line)
        let name = "__Host-session="
        try #require(line.hasPrefix(name))
        let value = line.dropFirst(name.count).prefix { $0 != ";" }
        return (String(value), String(line.dropFirst(name.count + value.count)))
    }

    @Test func aBrowserSessionHasNoMaxAge() async throws {
        var visitor = try StoreSite().visitor()
        let headers = try await visitor.visit { $0["n"] = 1 }
        let (value, rest) = try self.parts(headers.setCookie)
        #expect(rest == self.attributes)
        // Id and secret in base64url, a dot, and the signature.
        #expect(value.split(separator: ".").map(\.utf8.count) == [64, 43])
        #expect(headers.variesOnCookie && headers.forbidsCaching)
    }

    @Test func aBrowserSessionThatChangesKeepsItsCookie() async throws {
        var visitor = try await StoreSite().signedIn()
        #expect(try await visitor.visit { $0["n"] = 1 }.setCookie == nil)
    }

    @Test func aPermanentSessionLivesInTheBrowserAsLongAsOnTheServer() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        let first = try await visitor.visit { session in
            session["n"] = 1
            session.isPermanent = true
        }
        #expect(try self.parts(first.setCookie).rest == "; Max-Age=3600" + self.attributes)
        // After 23.5 hours of use there is half an hour left.
        for _ in 0..<47 {
            site.clock.advance(by: .seconds(1800))
            let headers = try await visitor.visit()
            #expect(try self.parts(headers.setCookie).value == self.parts(first.setCookie).value)
        }
        let last = try await visitor.visit { $0["n"] = 2 }
        #expect(try self.parts(last.setCookie).rest.contains("; Max-Age=1800;"))
    }

    @Test func aPermanentSessionIsNotSentAgainBeforeTheTouchInterval() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0.isPermanent = true }
        site.clock.advance(by: .milliseconds(359_999))
        #expect(try await visitor.visit { _ = $0.count }.setCookie == nil)
        site.clock.advance(by: .milliseconds(1))
        #expect(try await visitor.visit { _ = $0.count }.setCookie != nil)
    }

    // MARK: - Refresh

    @Test func aPermanentSessionIsSentWithEachRequestThatLooksWhereThatIsAskedFor() async throws {
        let site = try StoreSite { $0.refresh = .permanentOnEachRequest }
        var visitor = site.visitor()
        let first = try await visitor.visit { $0.isPermanent = true }
        site.clock.advance(by: .seconds(60))
        let writes = site.store.writeCount
        let headers = try await visitor.visit { _ = $0.count }
        #expect(headers.setCookie == first.setCookie)
        #expect(site.store.writeCount == writes + 1)
        // The browser keeps it as long as the server, which has been told.
        #expect(try await site.record(of: visitor)?.lastUsedAt == site.clock.now)
        // Nothing looks, as with a static file: not before it is due.
        #expect(try await visitor.visit() == SessionHeaders())
        #expect(site.store.writeCount == writes + 1)
        var other = try await site.signedIn()
        #expect(try await other.visit { _ = $0.count }.setCookie == nil)
        site.clock.advance(by: .seconds(360))
        #expect(try await visitor.visit().setCookie != nil)
    }

    @Test func aCookieThatIsRefreshedDoesNotReplaceANewSecret() async throws {
        let site = try StoreSite { $0.refresh = .permanentOnEachRequest }
        var owner = site.visitor()
        try await owner.visit { $0.isPermanent = true }
        var slow = owner
        let request = try await slow.open()
        _ = request.count
        try await owner.visit { $0.renew() }
        #expect(try await slow.commit(request).setCookie == nil)
        #expect(try await owner.look("_permanent") == true)
    }

    @Test func neverSendsAPermanentCookieOnlyWhenTheSessionChanges() async throws {
        let site = try StoreSite { $0.refresh = .never }
        var visitor = site.visitor()
        try await visitor.visit { $0.isPermanent = true }
        for _ in 0..<5 {
            site.clock.advance(by: .seconds(1800))
            #expect(try await visitor.visit { _ = $0.count }.setCookie == nil)
        }
        // The use is noted all the same, or the session would have ended.
        #expect(try await visitor.visit { $0["n"] = 1 }.setCookie?.contains("Max-Age=3600;") == true)
    }

    @Test func maxAgeIsCappedAt400Days() async throws {
        let site = try StoreSite { $0.lifetime = SessionLifetime(idle: .seconds(500 * 86_400)) }
        var visitor = site.visitor()
        let headers = try await visitor.visit { $0.isPermanent = true }
        #expect(try self.parts(headers.setCookie).rest.contains("; Max-Age=34560000;"))
    }

    @Test func permanenceIsSwitchedOnAndOff() async throws {
        var visitor = try await StoreSite().signedIn()
        let on = try self.parts(try await visitor.visit { $0.isPermanent = true }.setCookie)
        let off = try self.parts(try await visitor.visit { $0.isPermanent = false }.setCookie)
        #expect(on.rest.contains("; Max-Age=3600;"))
        #expect(off.rest == self.attributes)
        #expect(on.value == off.value)
        #expect(try await visitor.visit { $0["n"] = 1 }.setCookie == nil)
    }

    @Test func aSessionMayHaveLimitsOfItsOwn() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let headers = try await visitor.visit { session in
            session.isPermanent = true
            session.lifetime = SessionLifetime(idle: .seconds(14 * 86_400), absolute: .seconds(90 * 86_400))
        }
        #expect(try self.parts(headers.setCookie).rest.contains("; Max-Age=1209600;"))
        site.clock.advance(by: .seconds(13 * 86_400))
        #expect(try await visitor.look("user") == "alice")
        try await visitor.visit()
        for _ in 0..<7 {
            site.clock.advance(by: .seconds(11 * 86_400 - 1))
            #expect(try await visitor.look("user") == "alice")
            try await visitor.visit()
        }
        site.clock.advance(by: .seconds(7))
        #expect(try await visitor.look("user") == nil)
    }

    @Test func theAbsoluteLimitOfASessionsOwnCountsFromItsBeginning() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        site.clock.advance(by: .seconds(600))
        try await visitor.visit { $0.lifetime = SessionLifetime(idle: .seconds(3600), absolute: .seconds(900)) }
        site.clock.advance(by: .seconds(299))
        #expect(try await visitor.look("user") == "alice")
        site.clock.advance(by: .seconds(1))
        #expect(try await visitor.look("user") == nil)
    }

    @Test func destroyDeletesTheCookie() async throws {
        var visitor = try await StoreSite().signedIn()
        let headers = try await visitor.visit { $0.destroy() }
        #expect(
            headers.setCookie
                == "__Host-session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0" + self.attributes)
    }

    @Test func whatIsSetAfterDestroyIsANewSessionWithTheConfiguredLimits() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let before = try #require(try await site.record(of: visitor))
        let old = visitor
        try await visitor.visit { session in
            session.lifetime = SessionLifetime(idle: .seconds(14 * 86_400))
            session.destroy()
            session["n"] = 1
        }
        let after = try #require(try await site.record(of: visitor))
        #expect(after.id != before.id)
        #expect(after.secretHash != before.secretHash)
        #expect(after.version == 1)
        #expect(after.idleTimeout == .seconds(3600))
        #expect(visitor.cookie != old.cookie)
        #expect(try await old.open().isNew)
    }
}
