// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The time by which what has expired is deleted for good: the wall clock's, if it has moved no further than time has
/// passed.
///
/// A clock that is ahead for a moment would otherwise empty a store: every visitor would be signed out, and a list of
/// revocations in it would forget what had ended. A wall clock that stays ahead is believed after
/// ``patience``: it had been wrong before, as that of a machine that started without its network.
final class ConfirmedTime: Sendable {
    /// How long the wall clock must have been ahead before it is believed.
    static let patience = Duration.seconds(3600)
    /// How much two clocks may differ that both are right.
    static let tolerance = Duration.seconds(60)

    private struct State {
        var anchor: ClockReading?
        /// What had passed when the wall clock was first seen ahead.
        var aheadSince: Duration?
    }

    private let state = Mutex(State())

    /// The time, never later than the wall clock's; nil at the first reading, which nothing confirms.
    func confirmed(_ reading: ClockReading) -> Date? {
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
