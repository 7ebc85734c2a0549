// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
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
}
