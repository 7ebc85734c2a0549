// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import SessionsSupport

@Suite struct BackoffTests {
    /// `docs/STORES.md` promises it of a server that is down: half a second at most between two attempts.
    @Test func attemptsToReconnectAreHalfASecondApartAtMost() {
        for _ in 0..<100 {
            var backoff = Backoff.reconnecting
            let pauses = (0..<20).map { _ in backoff.pause() }
            #expect(pauses.allSatisfy { (.milliseconds(10)...(.milliseconds(500))).contains($0) })
            // A server that is back at once is found at once, and one that stays away is not asked all the time.
            #expect(pauses[0] <= .milliseconds(20))
            #expect(pauses[5...].allSatisfy { $0 >= .milliseconds(250) })
        }
    }

    @Test func eachPauseIsUpToTwiceAsLongAsTheOneBeforeUntilTheLimit() {
        var longest = [Duration](repeating: .zero, count: 6)
        for _ in 0..<1000 {
            var backoff = Backoff(first: .milliseconds(10), limit: .milliseconds(100))
            for index in longest.indices { longest[index] = max(longest[index], backoff.pause()) }
        }
        for (pause, limit) in zip(longest, [10, 20, 40, 80, 100, 100]) {
            #expect(pause <= .milliseconds(limit) && pause > .milliseconds(limit) * 0.9)
        }
    }

    /// Clients that lost their server at the same moment would all come back at the same moment.
    @Test func clientsDoNotReturnTogether() {
        let pauses = (0..<100).map { _ in
            var backoff = Backoff.reconnecting
            return backoff.pause()
        }
        #expect(Set(pauses).count > 50)
    }
}
