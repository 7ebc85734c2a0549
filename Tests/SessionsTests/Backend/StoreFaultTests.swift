// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

/// Stores whose answers cannot be: a request fails, and does not wait for ever.
@Suite struct StoreFaultTests {
    @Test func aStoreThatRefusesEveryWriteFailsTheRequest() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        site.outages.mode = .refusing
        let session = try await visitor.open()
        session["n"] = 1
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
        #expect(site.log.text.contains("it refuses to replace the version that it gives"))
    }

    @Test func aStoreThatHasEveryIDAlreadyFailsTheRequest() async throws {
        let site = try StoreSite()
        site.outages.mode = .refusing
        var visitor = site.visitor()
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.visit { $0["n"] = 1 } }
        #expect(site.log.text.contains("it has every new id already"))
        #expect(site.store.callCount == 3)
    }
}
