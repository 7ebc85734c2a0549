// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

extension Date {
    /// Milliseconds since 1970, rounded down and clamped to what a double holds exactly.
    package var milliseconds: Int {
        let exact = self.timeIntervalSince1970 * 1000
        // Most whole milliseconds have no exact double: a value just below a whole millisecond is that one, not the one
        // before.
        let nearest = exact.rounded()
        let value = abs(exact - nearest) < 0.05 ? nearest : exact.rounded(.down)
        return Int(min(max(value, -Double(Self.lastMillisecond)), Double(Self.lastMillisecond)))
    }

    /// Beyond 2^53 a double no longer tells milliseconds apart.
    package static var lastMillisecond: Int { 1 << 53 }

    /// The moment this many milliseconds after 1970.
    package init(milliseconds: Int) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// The date cut to whole milliseconds, as stores keep it.
    package var wholeMilliseconds: Date { Date(milliseconds: self.milliseconds) }

    /// Seconds since 1970, rounded down.
    package var wholeSeconds: Int { Int(self.timeIntervalSince1970.rounded(.down)) }

    /// The date later by the duration, in whole milliseconds.
    package func adding(_ duration: Duration) -> Date { self.adding(milliseconds: duration.milliseconds) }

    /// The date so many milliseconds later.
    package func adding(milliseconds: Int) -> Date {
        Date(milliseconds: self.milliseconds.addingClamped(milliseconds))
    }
}

extension Duration {
    /// Whole milliseconds, cut toward zero.
    package var milliseconds: Int {
        let (seconds, attoseconds) = self.components
        let whole = Int(seconds).multipliedReportingOverflow(by: 1000)
        guard !whole.overflow else { return seconds < 0 ? .min : .max }
        return whole.partialValue.addingClamped(Int(attoseconds / 1_000_000_000_000_000))
    }
}

extension Int {
    /// The sum, clamped to the range of `Int`.
    package func addingClamped(_ other: Int) -> Int {
        let sum = self.addingReportingOverflow(other)
        return sum.overflow ? (other < 0 ? .min : .max) : sum.partialValue
    }
}
