// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Where sessions get the time from, so that a test can move it instead of waiting.
public struct SessionClock: Sendable {
    /// The current time, as the wall clock shows it. An administrator, or a time server that is wrong, can set it.
    public let now: @Sendable () -> Date
    /// How much time has passed since a moment that stays the same while the process runs. An
    /// administrator who sets the wall clock does not change it.
    ///
    /// What must not be forgotten too early is kept until this much time has passed as well: a wall clock that is
    /// ahead for a moment would otherwise let the list of revocations forget, and signed-out cookies would be good
    /// again.
    public let elapsed: @Sendable () -> Duration

    /// A clock of your own, whose times are taken for time that has passed.
    public init(now: @escaping @Sendable () -> Date) {
        self.init(now: now) { .milliseconds(now().milliseconds) }
    }

    /// A clock of your own, which can be set to another time without that time having passed.
    ///
    /// - Parameters:
    ///   - now: The wall clock.
    ///   - elapsed: The time that has passed since any fixed moment; it never goes back.
    public init(now: @escaping @Sendable () -> Date, elapsed: @escaping @Sendable () -> Duration) {
        self.now = now
        self.elapsed = elapsed
    }

    /// The system's clock. Its ``elapsed`` also counts while the machine sleeps.
    public static let system: SessionClock = {
        let start = ContinuousClock.now
        return SessionClock(now: { Date() }, elapsed: { start.duration(to: .now) })
    }()

    /// What the clock shows.
    var reading: ClockReading { ClockReading(now: self.now(), elapsed: self.elapsed()) }
}

/// What a clock showed at a moment: the time of day, and how much time had passed.
struct ClockReading: Sendable {
    let now: Date
    let elapsed: Duration
}
