// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Until when an entry is remembered, in milliseconds by two clocks of which both must be past it.
///
/// The wall clock alone would not do: one reading that is ahead, by a year or a day, would make the list forget for
/// good, and when the clock is right again the cookies that were signed out are good again. The time that has passed
/// alone would not do either: cookies expire by the wall clock, which may have been put back.
struct RevocationRetention: Sendable, Hashable {
    /// The last millisecond since 1970 at which a token could be good.
    private(set) var until: Int
    /// The last millisecond by ``SessionClock/elapsed``.
    private(set) var elapsed: Int

    /// Nothing is remembered.
    static let none = RevocationRetention(until: 0, elapsed: .min)

    /// At least as long as both.
    func extended(to other: Self) -> Self {
        Self(until: max(self.until, other.until), elapsed: max(self.elapsed, other.elapsed))
    }

    func isOver(at now: Int, elapsed: Int) -> Bool { self.until < now && self.elapsed < elapsed }
}
