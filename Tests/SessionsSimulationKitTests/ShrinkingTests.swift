// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import SessionsSimulationKit

@Suite struct ShrinkingTests {
    @Test func whatIsNotNeededIsLeftOut() {
        var shrinking = Shrinking(budget: 400)
        let fewest = shrinking.fewest(of: Array(0..<100)) { $0.contains(17) && $0.contains(71) }
        #expect(fewest == [17, 71])
    }

    @Test func itStopsWhenItsRunsAreUsedUp() {
        var shrinking = Shrinking(budget: 5)
        var runs = 0
        let fewest = shrinking.fewest(of: Array(0..<100)) {
            runs += 1
            return $0.contains(17)
        }
        #expect(runs == 5)
        #expect(fewest.contains(17))
    }
}
