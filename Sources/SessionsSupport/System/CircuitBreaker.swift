// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Knows whether an engine is down, so that not every request has to wait to find out.
///
/// For `patience` after the first failure of an outage, requests wait and try: a restart makes a request slow, but is
/// no error. After that, requests fail at once until one try succeeds. The owner of the breaker must keep trying: it
/// probes from time to time, or it lets each request be a probe, if its engine fails at once.
///
/// A value without a clock of its own: every method is told the time.
package struct CircuitBreaker<Failure: Error>: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private struct Outage {
        var failure: Failure
        /// The moment from which requests no longer wait.
        var knownFrom: Instant
        var lastFailure: Instant
    }

    /// A failure that comes this long after the last one begins a new outage.
    private static var memory: Duration { .seconds(60) }

    private let patience: Duration
    private var outage: Outage?

    /// A breaker for an engine that is assumed to work.
    package init(patience: Duration) {
        self.patience = patience
    }

    /// Whether the last try failed.
    package var isFailing: Bool { self.outage != nil }

    /// Notes that a try has failed.
    ///
    /// - Parameters:
    ///   - failure: The error that requests get once the engine is known to be down.
    ///   - began: When the try began.
    ///   - now: The current time.
    ///   - isLasting: Whether waiting is of no use, as after a wrong password.
    package mutating func failed(_ failure: Failure, began: Instant, at now: Instant, isLasting: Bool = false) {
        var knownFrom = isLasting ? now : began + self.patience
        if let outage = self.outage, now - outage.lastFailure < Self.memory {
            knownFrom = min(knownFrom, outage.knownFrom)
        }
        self.outage = Outage(failure: failure, knownFrom: knownFrom, lastFailure: now)
    }

    /// Notes that a try has succeeded.
    package mutating func succeeded() {
        self.outage = nil
    }

    /// The error with which a request must fail at once; nil while the engine works, or may only be restarting.
    package func refusal(at now: Instant) -> Failure? {
        guard let outage = self.outage, now >= outage.knownFrom else { return nil }
        return outage.failure
    }
}
