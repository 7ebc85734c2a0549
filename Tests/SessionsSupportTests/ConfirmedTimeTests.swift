// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import Testing

@testable import Sessions
@testable import SessionsSupport

/// The time by which things are deleted for good.
@Suite struct ConfirmedTimeTests {
    private let clock = ManualClock()
    private let time = ConfirmedTime()

    private func confirmed() -> Duration? {
        self.time.confirmed(self.clock.sessionClock.reading).map { .milliseconds($0.milliseconds - 1_700_000_000_000) }
    }

    @Test func theFirstReadingIsConfirmedByNothing() {
        #expect(self.confirmed() == nil)
        #expect(self.confirmed() == .zero)
    }

    @Test func timeThatPassesIsTheTime() {
        _ = self.confirmed()
        self.clock.advance(by: .seconds(86_400))
        #expect(self.confirmed() == .seconds(86_400))
        // Servers set their clocks by some seconds all the time.
        self.clock.now = self.clock.now.adding(.seconds(30))
        #expect(self.confirmed() == .seconds(86_430))
    }

    @Test func aClockThatIsAheadIsNotBelievedAndOneThatIsSetBackIs() {
        _ = self.confirmed()
        self.clock.now = self.clock.now.adding(.seconds(86_400))
        self.clock.advance(by: .seconds(10))
        #expect(self.confirmed() == .seconds(10))
        self.clock.now = self.clock.now.adding(.seconds(-86_400))
        #expect(self.confirmed() == .seconds(10))
        self.clock.now = self.clock.now.adding(.seconds(-5))
        #expect(self.confirmed() == .seconds(5))
    }

    /// A machine without a battery begins in 1970, and is set right when the network is there.
    @Test func aClockThatStaysAheadIsBelieved() {
        _ = self.confirmed()
        self.clock.now = self.clock.now.adding(.seconds(86_400))
        #expect(self.confirmed() == .zero)
        self.clock.advance(by: ConfirmedTime.patience - .seconds(1))
        #expect(self.confirmed() == ConfirmedTime.patience - .seconds(1))
        self.clock.advance(by: .seconds(1))
        #expect(self.confirmed() == .seconds(86_400) + ConfirmedTime.patience)
    }
}
