// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import TestSupport
import Testing

@Suite struct StoreCrowdTests {
    /// Without turns, a thousand requests cost three quarters of a million calls.
    @Test func requestsThatMeetCostAFewCallsEach() async throws {
        let site = try StoreSite()
        let visitor = try await site.signedIn()
        var requests: [Session] = []
        for _ in 0..<1000 { requests.append(try await visitor.open()) }
        let before = site.store.callCount
        try await withThrowingTaskGroup { group in
            for request in requests {
                group.addTask {
                    request.update("n", default: 0) { $0 += 1 }
                    _ = try await site.sessions.commit(request)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await visitor.look("n") == 1000)
        // One attempt, and in its turn a read and a write.
        #expect(site.store.callCount - before <= 3 * requests.count + 1)
    }

    @Test func aRequestThatFailsInItsTurnPassesItOn() async throws {
        let site = try StoreSite()
        var visitor = try await site.signedIn()
        let failing = [try await visitor.open(), try await visitor.open()]
        try await visitor.visit { $0["n"] = 1 }
        for request in failing { request["n"] = 2 }
        site.outages.mode = .refusing
        for request in failing {
            await #expect(throws: SessionError(.storeUnavailable, "")) { try await visitor.commit(request) }
        }
        site.outages.mode = .working
        let last = try await visitor.open()
        try await visitor.visit { $0["n"] = 3 }
        last["m"] = 4
        try await visitor.commit(last)
        #expect(try await visitor.open().entries == ["user": "alice", "n": 3, "m": 4])
    }
}
