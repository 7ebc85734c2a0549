// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension Duration {
    /// The duration in the largest unit that it is a whole number of: "15 minutes", "24 hours", "30 days".
    var inWords: String {
        let milliseconds = self.milliseconds
        for (unit, length) in Self.units where milliseconds >= length && milliseconds.isMultiple(of: length) {
            let count = milliseconds / length
            // A day is called 24 hours, as the standards call it.
            if unit == "day", count == 1 { continue }
            return count == 1 ? "1 \(unit)" : "\(count) \(unit)s"
        }
        return "\(milliseconds) milliseconds"
    }

    private static let units = [("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000), ("second", 1000)]
}
