// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Knows whether an engine is down, so that each request need not wait for it to find that out.
///
/// An outage is waited for as long as `patience` says, counted from its first failure: a restart makes a request slow,
/// and is no error. From then on the engine is known to be down, and requests fail at once, until one try succeeds. The
/// owner of the breaker has to try: it probes from time to time, or lets each request be its own probe, where a failure
/// comes at once.
///
/// A value without a clock of its own: every method is told the time.
package struct CircuitBreaker<Failure: Error>: Sendable {
    package typealias Instant = ContinuousClock.Instant

    private struct Outage {
        var failure: Failure
        /// From when on nothing waits any more.
        var knownFrom: Instant
        var lastFailure: Instant
    }

    /// After so long without any try a failure begins an outage of its own.
    private static var memory: Duration { .seconds(60) }

    private let patience: Duration
    private var outage: Outage?

    /// A breaker for an engine that is thought to work.
    package init(patience: Duration) {
        self.patience = patience
    }

    /// Whether the last try failed.
    package var isFailing: Bool { self.outage != nil }

    /// A try has failed.
    ///
    /// - Parameters:
    ///   - failure: What requests fail with once the engine is known to be down.
    ///   - began: When the try began.
    ///   - now: The current time.
    ///   - isLasting: Whether to wait is no use, as after a wrong password.
    package mutating func failed(_ failure: Failure, began: Instant, at now: Instant, isLasting: Bool = false) {
        var knownFrom = isLasting ? now : began + self.patience
        if let outage = self.outage, now - outage.lastFailure < Self.memory {
            knownFrom = min(knownFrom, outage.knownFrom)
        }
        self.outage = Outage(failure: failure, knownFrom: knownFrom, lastFailure: now)
    }

    /// A try has succeeded.
    package mutating func succeeded() {
        self.outage = nil
    }

    /// What a request fails with at once; nil while the engine works, or may only be restarting.
    package func refusal(at now: Instant) -> Failure? {
        guard let outage = self.outage, now >= outage.knownFrom else { return nil }
        return outage.failure
    }
}
