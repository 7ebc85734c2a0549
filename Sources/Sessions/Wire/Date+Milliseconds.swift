// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

extension Date {
    /// Milliseconds since 1970, the fraction dropped; the ends of time are clamped to what fits.
    package var milliseconds: Int {
        let exact = self.timeIntervalSince1970 * 1000
        // Most whole milliseconds have no exact double: what misses one by a hair is that one, not the one before.
        let nearest = exact.rounded()
        let value = abs(exact - nearest) < 0.05 ? nearest : exact.rounded(.down)
        // 2^53: beyond, a double has no milliseconds to give.
        return Int(min(max(value, -9_007_199_254_740_992), 9_007_199_254_740_992))
    }

    /// The moment so many milliseconds after 1970.
    package init(milliseconds: Int) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// The date cut to whole milliseconds, as stores keep it.
    package var wholeMilliseconds: Date { Date(milliseconds: self.milliseconds) }

    /// Seconds since 1970, the fraction dropped.
    var wholeSeconds: Int { Int(self.timeIntervalSince1970.rounded(.down)) }

    /// The date so much later, in whole milliseconds.
    package func adding(_ duration: Duration) -> Date {
        Date(milliseconds: self.milliseconds.addingClamped(duration.milliseconds))
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
    /// The sum, or the nearer end of the integers for one that has no room.
    func addingClamped(_ other: Int) -> Int {
        let sum = self.addingReportingOverflow(other)
        return sum.overflow ? (other < 0 ? .min : .max) : sum.partialValue
    }
}
