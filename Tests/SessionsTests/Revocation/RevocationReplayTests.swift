// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import Sessions

/// A cookie from before a renewal that comes back long after it is somebody's copy.
@Suite struct RevocationReplayTests {
    @Test func aReplayEndsTheSessionForBoth() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let copy = visitor
        try await visitor.visit { $0.renew() }
        try await visitor.visit { $0.renew() }
        site.clock.advance(by: .milliseconds(30_001))
        #expect(try await site.user(of: visitor) == "ada")
        #expect(try await site.user(of: copy) == nil)
        #expect(try await site.user(of: visitor) == nil)
        #expect(site.log.warnings == 1)
        #expect(try await site.user(of: copy) == nil)
        #expect(site.log.warnings == 1)
    }

    @Test func withinTheGraceItIsOnlyRefused() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let copy = visitor
        try await visitor.visit { $0.renew() }
        site.clock.advance(by: .seconds(30))
        #expect(try await site.user(of: copy) == nil)
        #expect(try await site.user(of: visitor) == "ada")
        #expect(site.log.warnings == 0)
    }

    @Test func aSessionThatHasEndedIsNotReplayed() async throws {
        let site = try RevocationSite()
        var visitor = try await site.signedIn()
        let copy = visitor
        try await visitor.visit { $0.destroy() }
        site.clock.advance(by: .seconds(100))
        #expect(try await site.user(of: copy) == nil)
        #expect(site.log.warnings == 0)
    }

    @Test func otherProcessesHearOfIt() async throws {
        let store = MemoryStore()
        let clock = ManualClock()
        let one = try RevocationSite(RevocationSite.shared(store), clock: clock)
        let two = try RevocationSite(RevocationSite.shared(store), clock: clock)
        var visitor = try await one.signedIn()
        var copy = two.visitor(cookie: visitor.cookie)
        try await visitor.visit { $0.renew() }
        clock.advance(by: .seconds(60))
        try await copy.visit { _ = $0["n"] }
        clock.advance(by: .seconds(11))
        #expect(try await one.user(of: visitor) == nil)
    }
}
