// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// Cookies and secrets while the secret is renewed under way.
@Suite struct StoreRenewalTests {
    @Test func aConflictWithARenewalDoesNotSendTheOldCookieAgain() async throws {
        let site = try StoreSite { $0.renewalInterval = .seconds(600) }
        var visitor = try await site.signedIn()
        try await visitor.visit { $0.isPermanent = true }
        site.clock.advance(by: .seconds(601))
        let slow = try await visitor.open()
        try await visitor.visit()
        slow["n"] = 1
        // Sent now, the old cookie would take the place of the new one, and end with the grace.
        try await visitor.commit(slow)
        site.clock.advance(by: .seconds(60))
        #expect(try await visitor.look("n") == 1)
    }

    /// A page that polls is no use of its session, and must not hide that another request is.
    @Test func aUseIsNotedThatMeetsARequestThatIsNone() async throws {
        let site = try StoreSite { $0.renewalInterval = .seconds(600) }
        let visitor = try await site.signedIn()
        site.clock.advance(by: .seconds(601))
        let use = try await visitor.open()
        #expect(use["user"] == "alice")
        var polling = visitor
        try await polling.visit { $0.countsAsUse = false }
        #expect(try await site.sessions.commit(use).setCookie == nil)
        #expect(try await site.record(of: polling)?.lastUsedAt == site.clock.now)
    }
}
