// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// The `Set-Cookie` lines to the letter, and how large and how old a cookie may be.
@Suite struct SessionCookieLineTests {
    private static let standard = "Secure; HttpOnly; Path=/; SameSite=Lax"

    @Test func theStandardCookieIsAHostCookie() async throws {
        let headers = try await TestSite().visit { $0["user"] = "ada" }
        #expect(headers.pair.hasPrefix("__Host-session="))
        #expect(headers.attributes == Self.standard)
    }

    @Test func flasksCookieIsFlasks() async throws {
        let headers = try await TestSite(.flask).visit { $0["user"] = "ada" }
        #expect(headers.pair.hasPrefix("session=eyJ1c2VyIjoiYWRhIn0.ZVPxAA."))
        #expect(headers.attributes == "HttpOnly; Path=/")
    }

    @Test func anEmptiedSessionTakesTheCookieAway() async throws {
        let site = try TestSite()
        let headers = try await site.visit(try await site.cookie()) { $0.pop("user") }
        #expect(
            headers.setCookie
                == "__Host-session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; \(Self.standard)")
    }

    @Test func aPermanentCookieLivesForTheIdleTime() async throws {
        let headers = try await TestSite().visit { $0.isPermanent = true }
        #expect(headers.attributes == "Max-Age=3600; \(Self.standard)")
    }

    @Test func noCookieLivesLongerThan400Days() async throws {
        var configuration = SessionConfiguration()
        configuration.lifetime = SessionLifetime(idle: .seconds(86400 * 1000))
        let headers = try await TestSite(configuration).visit { $0.isPermanent = true }
        #expect(headers.attributes == "Max-Age=34560000; \(Self.standard)")
    }

    @Test func noCookieOutlivesTheAbsoluteEnd() async throws {
        var configuration = SessionConfiguration()
        configuration.lifetime = SessionLifetime(idle: .seconds(3600), absolute: .seconds(5000))
        let site = try TestSite(configuration)
        let cookie = try await site.cookie { $0.isPermanent = true }
        site.clock.advance(by: .seconds(3000))
        #expect(try await site.visit(cookie) { _ = $0["a"] }.attributes == "Max-Age=2000; \(Self.standard)")
        #expect(try await site.visit(cookie) { $0["a"] = 1 }.attributes == "Max-Age=2000; \(Self.standard)")
    }

    @Test func nameAndValueMayHave4096BytesAndNotOneMore() async throws {
        let value = try await TestSite().visit { $0["user"] = "ada" }.pair.utf8.count - "__Host-session=".utf8.count
        func visit(nameBytes: Int) async throws -> SessionHeaders {
            var configuration = SessionConfiguration.standard
            configuration.cookie.name = "__Host-" + String(repeating: "s", count: nameBytes - 7)
            return try await TestSite(configuration).visit { $0["user"] = "ada" }
        }
        #expect(try await visit(nameBytes: 4096 - value).pair.utf8.count == 4097)
        do {
            _ = try await visit(nameBytes: 4097 - value)
            Issue.record("sent")
        } catch let error as SessionError {
            #expect(error.kind == .cookieTooLarge)
            #expect(error.message.contains("4097 bytes, and browsers keep 4096"))
        }
    }

    @Test func flaskOnlyWarnsOfASizeOver4093() async throws {
        let site = try TestSite(.flask)
        let text = (0..<6000).map { String($0 * 7919 % 10_007) }.joined()
        let headers = try await site.visit { $0["text"] = .string(String(text.prefix(9000))) }
        #expect(try #require(headers.setCookie).utf8.count > 4093)
        #expect(site.log.warnings == 1)
    }

    @Test func aCookieThatIsNotSentIsNotWarnedOf() async throws {
        let site = try RevocationSite { $0.cookie.sizeLimit = .warn(over: 100) }
        var visitor = try await site.signedIn()
        var late = visitor
        let session = try await late.open()
        session["n"] = 1
        try await visitor.visit { $0.signOut() }
        func warnings() -> Int { site.log.text.split(separator: "\n").count { $0.contains("is too large") } }
        #expect(warnings() == 1)
        #expect(try await late.commit(session).setCookie == nil)
        #expect(site.log.text.contains("dropped"))
        #expect(warnings() == 1)
    }

    @Test func aCookieThatIsRefusedLeavesNothingInTheStore() async throws {
        let store = MemoryStore()
        let site = try RevocationSite(nil) {
            $0.store = store
            $0.cookie.sizeLimit = .refuse(over: 60)
        }
        await #expect(throws: SessionError(.cookieTooLarge, "")) { try await site.signedIn() }
        #expect(store.ids(ofUser: "ada", at: site.clock.now).isEmpty)
    }

    @Test func aCookieThatIsRefusedLeavesFlasksRecordAsItWas() async throws {
        let site = try FlaskSessionSite()
        let visitor = try await site.signedIn()
        let strict = try SessionManager(
            keys: nil,
            configuration: {
                var configuration = site.sessions.configuration
                configuration.cookie.sizeLimit = .refuse(over: 20)
                return configuration
            }(), clock: site.clock.sessionClock, logger: site.log.logger)
        for change in [{ $0.renew() }, { $0["n"] = 1 }] as [@Sendable (Session) -> Void] {
            var other = SiteVisitor(strict, cookie: visitor.cookie, logger: site.log.logger)
            await #expect(throws: SessionError(.cookieTooLarge, "")) { try await other.visit { change($0) } }
            #expect(try await visitor.look("user") == "alice")
            #expect(try await visitor.look("n") == nil)
        }
    }
}
