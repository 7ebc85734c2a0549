// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

@Suite struct StoreLifetimeTests {
    @Test func noLifetimeGivesASessionTheConfiguredLimitsBack() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        try await visitor.visit { $0.lifetime = SessionLifetime(idle: .seconds(14 * 86_400)) }
        #expect(try await site.record(of: visitor)?.idleTimeout == .seconds(14 * 86_400))
        #expect(try await site.record(of: visitor)?.absoluteEnd == nil)
        // Other changes leave the limits alone.
        try await visitor.visit { $0["n"] = 1 }
        #expect(try await site.record(of: visitor)?.idleTimeout == .seconds(14 * 86_400))
        try await visitor.visit { $0.lifetime = nil }
        let record = try #require(try await site.record(of: visitor))
        #expect(record.idleTimeout == .seconds(3600))
        #expect(record.absoluteEnd == record.createdAt.adding(.seconds(86_400)))
    }

    @Test func theLimitsOfAStoredSessionCanBeRead() async throws {
        var visitor = try StoreSite().visitor()
        let limits = SessionLifetime(idle: .seconds(600), absolute: .seconds(7200))
        try await visitor.visit { session in
            #expect(session.lifetime == nil)
            session["n"] = 1
        }
        try await visitor.visit { session in
            #expect(session.lifetime == .standard)
            session.lifetime = limits
            #expect(session.lifetime == limits)
        }
        #expect(try await visitor.open().lifetime == limits)
    }

    @Test func aTouchIntervalLongerThanASessionsOwnIdleTimeDoesNotEndIt() async throws {
        let site = try StoreSite { $0.touchInterval = .seconds(1800) }
        var visitor = try await site.signedIn()
        try await visitor.visit { $0.lifetime = SessionLifetime(idle: .seconds(600)) }
        for _ in 0..<4 {
            site.clock.advance(by: .seconds(400))
            try await visitor.visit { #expect($0["user"] == "alice") }
        }
    }

    /// Another request has sent its write before the session expired, and the store gets it after the sign-out.
    @Test func aSignOutOfAnExpiredSessionStopsAWriteThatComesLate() async throws {
        let site = try StoreSite()
        var visitor = site.visitor()
        try await visitor.visit {
            $0.signIn(as: "alice")
            $0["theme"] = "dark"
        }
        let record = try #require(try await site.record(of: visitor))
        let leaving = try await visitor.open()
        leaving["_user_id"] = nil
        var late = record
        late.version += 1
        late.lastUsedAt = site.clock.now
        let sent = site.clock.now
        site.clock.advance(by: .seconds(3600))
        #expect(try await visitor.commit(leaving).setCookie == nil)
        #expect(try await !site.store.write(late, replacing: record.version, at: sent))
    }
}
