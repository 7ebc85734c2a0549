// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

@Suite struct StoreMaximumAgeTests {
    @Test func aSessionWhoseLimitIsMovedIntoThePastHasNoNegativeMaxAge() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        site.clock.advance(by: .seconds(600))
        let headers = try await visitor.visit { session in
            session.isPermanent = true
            session.lifetime = SessionLifetime(idle: .seconds(3600), absolute: .seconds(300))
        }
        #expect(headers.setCookie?.contains("; Max-Age=0;") == true)
        #expect(try await visitor.open().isNew)
    }
}
