// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

@Suite struct StoreTouchOutageTests {
    @Test(arguments: [(OutagePolicy.fail, true), (.anonymous, false)])
    func aStoreThatCannotWriteFailsReadersOnlyWhereOutagesFail(policy: OutagePolicy, fails: Bool) async throws {
        let site = try StoreSite { $0.outagePolicy = policy }
        var visitor = try await site.signedIn()
        site.outages.mode = .readOnly
        site.clock.advance(by: .seconds(600))
        let session = try await visitor.open()
        #expect(session["user"] == "alice")
        if fails {
            await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(session) }
        } else {
            #expect(try await visitor.commit(session).setCookie == nil)
        }
        #expect(site.log.text.contains("the session store failed"))
        let change = try await visitor.open()
        change["n"] = 1
        await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(change) }
    }
}
