// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsTesting
import Testing

/// The clock that tests move.
@Suite struct ManualClockTests {
    @Test func itStandsStill() {
        let clock = ManualClock()
        #expect(clock.now == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(clock.sessionClock.now() == clock.now)
    }

    @Test func itMovesBothWays() {
        let clock = ManualClock(Date(timeIntervalSince1970: 100))
        let sessionClock = clock.sessionClock
        clock.advance(by: .seconds(50))
        #expect(sessionClock.now() == Date(timeIntervalSince1970: 150))
        clock.advance(by: .milliseconds(-500))
        #expect(sessionClock.now() == Date(timeIntervalSince1970: 149.5))
        clock.now = Date(timeIntervalSince1970: 7)
        #expect(sessionClock.now() == Date(timeIntervalSince1970: 7))
    }

    @Test func settingItLetsNoTimePass() {
        let clock = ManualClock()
        let sessionClock = clock.sessionClock
        clock.now = Date(timeIntervalSince1970: 7)
        #expect(sessionClock.elapsed() == .zero)
        clock.advance(by: .seconds(5))
        clock.advance(by: .seconds(-3))
        #expect(sessionClock.elapsed() == .seconds(5))
    }

    @Test func manyTasksMayMoveIt() async {
        let clock = ManualClock(Date(timeIntervalSince1970: 0))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<100 { group.addTask { clock.advance(by: .seconds(1)) } }
        }
        #expect(clock.now == Date(timeIntervalSince1970: 100))
    }
}
