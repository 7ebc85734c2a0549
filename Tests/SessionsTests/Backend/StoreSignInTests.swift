// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the store's record says of a user, and what becomes of the secret.
@Suite struct StoreSignInTests {
    private static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"

    private func record(_ site: StoreSite, of visitor: SiteVisitor) async throws -> SessionRecord {
        try #require(try await site.record(of: visitor))
    }

    @Test func theRecordFollowsTheValues() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        let session = try await site.sessions.open([], userAgent: Self.firefox)
        session.signIn(as: "alice")
        try await visitor.commit(session)
        var record = try await self.record(site, of: visitor)
        #expect(record.user == "alice" && record.deviceLabel == "Firefox on Linux")
        #expect(record.authenticatedAt == site.clock.now)
        site.clock.advance(by: .seconds(1000))
        try await visitor.visit()
        record = try await self.record(site, of: visitor)
        #expect(record.version == 2 && record.user == "alice" && record.deviceLabel == "Firefox on Linux")
        try await visitor.visit { $0["n"] = 1 }
        #expect(try await self.record(site, of: visitor).deviceLabel == "Firefox on Linux")
        try await visitor.visit { $0.pop("_user_id") }
        record = try await self.record(site, of: visitor)
        #expect(record.user == nil && record.authenticatedAt == nil && record.deviceLabel == nil)
    }

    @Test func whatIsNotSavedDoesNotReachTheRecord() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        site.clock.advance(by: .seconds(1000))
        try await visitor.visit { session in
            session["_user_id"] = "bob"
            session.isModified = false
        }
        let record = try await self.record(site, of: visitor)
        #expect(record.version == 2 && record.user == "alice")
    }

    @Test func aSignInBeginsBothLimitsAnewAndRenewingNeither() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let begin = site.clock.now
        for (change, restarts) in [
            ({ $0.signIn(as: "alice") }, true), ({ $0.renew() }, false), ({ $0.reauthenticate() }, true),
            ({ $0["n"] = 1 }, false),
        ] as [((Session) -> Void, Bool)] {
            site.clock.advance(by: .seconds(600))
            let before = try await self.record(site, of: visitor)
            try await visitor.visit(change)
            let record = try await self.record(site, of: visitor)
            #expect(record.createdAt == (restarts ? site.clock.now : before.createdAt))
            #expect(record.absoluteEnd == record.createdAt.adding(.seconds(24 * 3600)))
            #expect(record.lastUsedAt == site.clock.now)
        }
        #expect(site.clock.now > begin)
    }

    @Test func limitsOfItsOwnStayTheSessionsOwn() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let own = SessionLifetime(idle: .seconds(7200), absolute: .seconds(9000))
        try await visitor.visit { $0.lifetime = own }
        site.clock.advance(by: .seconds(600))
        try await visitor.visit { $0.signIn(as: "alice") }
        #expect(try await visitor.open().lifetime == own)
        #expect(try await self.record(site, of: visitor).absoluteEnd == site.clock.now.adding(.seconds(9000)))
        let other = SessionLifetime(idle: .seconds(60), absolute: nil)
        try await visitor.visit { session in
            session.lifetime = other
            session.reauthenticate()
        }
        #expect(try await visitor.open().lifetime == other)
    }

    @Test(
        arguments: [
            { $0["_user_id"] = "bob" }, { $0.pop("_user_id") },
            {
                $0.removeAll(); $0["n"] = 1
            },
            { $0.update("_user_id", default: "") { $0 = "bob" } }, { $0.signIn(as: "bob") },
        ] as [@Sendable (Session) -> Void])
    func anotherUserHasAnotherSecretHoweverTheyCameAbout(change: @Sendable (Session) -> Void) async throws {
        let site = try StoreSite { $0.renewalInterval = .seconds(600) }
        var visitor = site.visitor()
        try await visitor.visit {
            $0.signIn(as: "alice")
            $0["kept"] = true
        }
        let token = try await visitor.open().csrfToken
        let before = visitor
        // The periodic renewal is due too, and its grace must not be given.
        site.clock.advance(by: .seconds(601))
        try await visitor.visit(change)
        #expect(visitor.cookie != before.cookie)
        #expect(try await before.open().isNew)
        let record = try await self.record(site, of: visitor)
        #expect(record.graceEnd == nil)
        #expect(try await !visitor.open().accepts(csrfToken: token))
    }

    @Test func theSameUserByHandKeepsTheSecret() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        let before = visitor
        try await visitor.visit { $0["_user_id"] = "alice" }
        #expect(try await before.open().user == "alice")
    }

    @Test func aChangeOfUserThatIsMergedHasAnotherSecretToo() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let before = visitor
        let slow = try await visitor.open()
        try await visitor.visit { $0["n"] = 1 }
        slow["_user_id"] = "bob"
        try await visitor.commit(slow)
        #expect(try await before.open().isNew)
        let session = try await visitor.open()
        #expect(session.user == "bob" && session["n"] == 1)
        #expect(try await self.record(site, of: visitor).user == "bob")
    }

    @Test func anUpdateThatGivesAnotherUserOnlyWhenItIsMergedHasAnotherSecretToo() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice") }
        let before = visitor
        let slow = try await visitor.open()
        try await visitor.visit { $0["n"] = 1 }
        slow.update("n", default: 0) { $0 += 1 }
        let calls = CallCounter()
        slow.update("_user_id", default: "") { name in
            calls.increment()
            if calls.count > 1 { name = "bob" }
        }
        try await visitor.commit(slow)
        #expect(try await visitor.open().user == "bob")
        #expect(try await before.open().isNew)
    }

    @Test func aNewSessionKeepsTheTokensThatItGaveOutBeforeAnEntryWasSet() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        let session = try await visitor.open()
        let token = session.csrfToken
        session["_user_id"] = "alice"
        try await visitor.commit(session)
        #expect(try await visitor.open().accepts(csrfToken: token))
    }

    @Test func aUserIsNoSecretAndIsInNoLog() async throws {
        let site = try StoreSite { $0.sessionLimit = .refusingNewest(1) }
        var visitor = site.visitor()
        try await visitor.visit { $0.signIn(as: "alice@example.com") }
        var other = site.visitor()
        let session = try await other.open()
        session.signIn(as: "alice@example.com")
        let error = await failure(SessionError.self) { try await other.commit(session) }
        #expect(error?.kind == .sessionLimitReached)
        #expect(error?.message.contains("alice") == false)
        #expect(!site.log.text.contains("alice"))
    }
}
