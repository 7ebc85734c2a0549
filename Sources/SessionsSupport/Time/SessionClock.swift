// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Where sessions get the time from, so that a test can move it instead of waiting.
///
/// ```swift
/// let newYear = SessionClock(now: { Date(timeIntervalSince1970: 1_798_761_600) })
/// let sessions = try SessionManager(keys: keys, clock: newYear)
/// ```
///
/// `ManualClock` of `SessionsTesting` is a clock that a test moves.
public struct SessionClock: Sendable {
    /// The current time of the wall clock. An administrator, or a time server that is wrong, can set it.
    public let now: @Sendable () -> Date
    /// How much time has passed since a moment that is fixed while the process runs. Setting the wall clock does not
    /// change it.
    ///
    /// Data that must not be forgotten too early is kept until this much time has passed as well. Otherwise a wall
    /// clock that is ahead for a moment would empty the revocation list, and signed-out cookies would be good again.
    public let elapsed: @Sendable () -> Duration
    /// Lets a time pass. A simulation lets its own time pass.
    package let sleep: @Sendable (Duration) async throws -> Void

    /// A clock of your own. Its wall clock also serves as the time that has passed.
    public init(now: @escaping @Sendable () -> Date) {
        self.init(now: now) { .milliseconds(now().milliseconds) }
    }

    /// A clock of your own whose wall clock can be set without time passing.
    ///
    /// - Parameters:
    ///   - now: The wall clock.
    ///   - elapsed: The time that has passed since any fixed moment; it never goes back.
    public init(now: @escaping @Sendable () -> Date, elapsed: @escaping @Sendable () -> Duration) {
        self.init(now: now, elapsed: elapsed) { try await Task.sleep(for: $0) }
    }

    package init(
        now: @escaping @Sendable () -> Date, elapsed: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.elapsed = elapsed
        self.sleep = sleep
    }

    /// The system's clock. Its ``elapsed`` also counts while the machine sleeps.
    public static let system: SessionClock = {
        let start = ContinuousClock.now
        return SessionClock(now: { Date() }, elapsed: { start.duration(to: .now) })
    }()

    /// Both times at this moment.
    package var reading: ClockReading { ClockReading(now: self.now(), elapsed: self.elapsed()) }
}

/// What a clock showed at one moment: the time of day, and the time that had passed.
package struct ClockReading: Sendable {
    package let now: Date
    package let elapsed: Duration
}

/// The time by which expired records are deleted for good: the wall clock's, unless that has moved further than time
/// has passed.
///
/// A wall clock that is ahead for a moment would otherwise empty a store: every visitor would be signed out, and a
/// revocation list in it would be lost. A wall clock that stays ahead for ``patience`` is believed: it had been behind
/// before, as on a machine that started without its network.
package final class ConfirmedTime: Sendable {
    /// How long the wall clock must have been ahead before it is believed.
    static let patience = Duration.seconds(3600)
    /// How much two correct clocks may differ.
    package static let tolerance = Duration.seconds(60)

    private struct State {
        var anchor: ClockReading?
        /// The elapsed time at which the wall clock was first seen ahead.
        var aheadSince: Duration?
    }

    private let state = Mutex(State())

    package init() {}

    /// The time, never later than the wall clock's; nil for the first reading, which no earlier one confirms.
    package func confirmed(_ reading: ClockReading) -> Date? {
        self.state.withLock { state in
            guard let anchor = state.anchor else {
                state.anchor = reading
                return nil
            }
            let expected = anchor.now.adding(reading.elapsed - anchor.elapsed)
            let isAhead = reading.now > expected.adding(Self.tolerance)
            if isAhead, reading.elapsed - (state.aheadSince ?? reading.elapsed) < Self.patience {
                state.aheadSince = state.aheadSince ?? reading.elapsed
                return expected
            }
            state = State(anchor: reading)
            return reading.now
        }
    }
}

extension SessionClock {
    /// The current second since 1970.
    package var seconds: Int { self.now().wholeSeconds }
}
