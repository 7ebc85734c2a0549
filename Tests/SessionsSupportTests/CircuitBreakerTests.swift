// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

@Suite struct CircuitBreakerTests {
    private enum Failure: Error, Equatable {
        case refused, timedOut, wrongPassword
    }

    private let start = ContinuousClock.now
    private var breaker = CircuitBreaker<Failure>(patience: .seconds(5))

    private func refusal(_ seconds: Double) -> Failure? { self.breaker.refusal(at: self.start + .seconds(seconds)) }

    private mutating func fail(_ failure: Failure, at seconds: Double, began: Double? = nil, isLasting: Bool = false) {
        self.breaker.failed(
            failure, began: self.start + .seconds(began ?? seconds), at: self.start + .seconds(seconds),
            isLasting: isLasting)
    }

    @Test func anEngineThatWorksRefusesNothing() {
        #expect(self.refusal(0) == nil)
        #expect(!self.breaker.isFailing)
    }

    @Test mutating func anOutageIsWaitedForAsLongAsThePatienceLastsAndThenKnown() {
        self.fail(.refused, at: 1)
        #expect(self.breaker.isFailing)
        #expect(self.refusal(5.999) == nil)
        self.fail(.timedOut, at: 4)
        // It is counted from the first failure, and the last one is told.
        #expect(self.refusal(5.999) == nil)
        #expect(self.refusal(6) == .timedOut)
        self.fail(.refused, at: 50)
        #expect(self.refusal(50) == .refused)
    }

    @Test mutating func aTryThatHungCountsFromItsBeginning() {
        self.fail(.timedOut, at: 6, began: 0.5)
        #expect(self.refusal(6) == .timedOut)
    }

    @Test mutating func oneSuccessEndsTheOutage() {
        self.fail(.refused, at: 0)
        #expect(self.refusal(9) == .refused)
        self.breaker.succeeded()
        #expect(self.refusal(9) == nil)
        // The next outage has its own patience.
        self.fail(.refused, at: 10)
        #expect(self.refusal(14.999) == nil)
        #expect(self.refusal(15) == .refused)
    }

    @Test mutating func whatDoesNotPassByWaitingIsKnownAtOnce() {
        self.fail(.wrongPassword, at: 3, isLasting: true)
        #expect(self.refusal(3) == .wrongPassword)
    }

    @Test mutating func aFailureOfLongAgoIsNoPartOfThisOutage() {
        self.fail(.refused, at: 0)
        self.fail(.refused, at: 100)
        #expect(self.refusal(104.999) == nil)
        #expect(self.refusal(105) == .refused)
    }
}
