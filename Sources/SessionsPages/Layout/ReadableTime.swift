// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Times for people and for programs.
///
/// A server does not know the visitor's time zone, and a page without JavaScript cannot say it. So a recent time is
/// told by its distance, which is the same everywhere.
enum ReadableTime {
    /// "5 minutes ago", and after a week "29 November 2026". The future, by a clock that is ahead, is "just now".
    static func english(_ date: Date, now: Date) -> String {
        let seconds = now.timeIntervalSince(date)
        switch seconds {
        case ..<minute: return "just now"
        case ..<hour: return self.ago(seconds / self.minute, "minute")
        case ..<day: return self.ago(seconds / self.hour, "hour")
        case ..<(7 * day): return self.ago(seconds / self.day, "day")
        default:
            guard let time = self.civil(date) else { return "long ago" }
            return "\(time.day) \(self.months[time.month - 1]) \(time.year)"
        }
    }

    /// The value of a `datetime` attribute, in UTC: `2026-11-29T20:58:24Z`; nil outside of the years 1 to 9999.
    static func machine(_ date: Date) -> String? {
        self.civil(date).map { "\($0.dateText)T\($0.clockText)Z" }
    }

    /// The time of day in UTC: "20:58".
    static func clock(_ date: Date) -> String {
        self.civil(date).map { String($0.clockText.prefix(5)) } ?? ""
    }

    private static func ago(_ count: Double, _ unit: String) -> String {
        let count = Int(count)
        return "\(count) \(unit)\(count == 1 ? "" : "s") ago"
    }

    private static func civil(_ date: Date) -> CivilTime? {
        Int(exactly: date.timeIntervalSince1970.rounded(.down)).flatMap(CivilTime.init(secondsSince1970:))
    }

    private static let minute = 60.0
    private static let hour = 3600.0
    private static let day = 86_400.0
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
