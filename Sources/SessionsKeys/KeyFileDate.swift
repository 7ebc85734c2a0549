// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// The ends of keys as key files spell them: the last day, `2027-01-31`, or a moment, `2027-01-31T12:00:00Z`; both in
/// UTC.
package enum KeyFileDate {
    private static let day = 24 * 60 * 60

    /// The moment from which a key is refused; for a last day, the midnight after it. Nil when the text is not a date.
    package static func end(_ text: some StringProtocol) -> Date? {
        let bytes = Array(text.utf8)
        switch bytes.count {
        case 10:
            return Self.seconds(bytes, "0000-00-00").map { Date(timeIntervalSince1970: Double($0 + Self.day)) }
        case 20:
            return Self.seconds(bytes, "0000-00-00T00:00:00Z").map { Date(timeIntervalSince1970: Double($0)) }
        default: return nil
        }
    }

    /// The text that `end` reads as this moment, rounded down to whole seconds.
    package static func text(_ end: Date) -> String {
        guard let seconds = Int(exactly: end.timeIntervalSince1970.rounded(.down)) else { return "never" }
        // The last midnight of all ends the last day, and is no moment of the calendar itself.
        if seconds % Self.day == 0, seconds > .min + Self.day,
            let lastDay = CivilTime(secondsSince1970: seconds - Self.day)
        {
            return lastDay.dateText
        }
        guard let time = CivilTime(secondsSince1970: seconds) else { return "never" }
        return "\(time.dateText)T\(time.clockText)Z"
    }

    /// The midnight (UTC) that ends the day `days` days after that of `now`.
    package static func end(days: Int, after now: Date) -> Date {
        let today = Int(now.timeIntervalSince1970.rounded(.down)) / Self.day
        return Date(timeIntervalSince1970: Double((today + days + 1) * Self.day))
    }

    /// The moment in a text of the pattern's form; each zero of the pattern stands for a digit.
    private static func seconds(_ text: [UInt8], _ pattern: String) -> Int? {
        var numbers = [0]
        for (character, wanted) in zip(text, pattern.utf8) {
            if wanted == UInt8(ascii: "0") {
                guard character.isASCIIDigit else { return nil }
                numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(character - UInt8(ascii: "0"))
            } else {
                guard character == wanted else { return nil }
                numbers.append(0)
            }
        }
        let parts = numbers + [0, 0, 0]
        return CivilTime(
            year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])?
            .secondsSince1970
    }
}
