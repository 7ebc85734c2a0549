// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A date and a time of day in the proleptic Gregorian calendar, years 1 to 9999.
@usableFromInline package struct CivilTime {
    /// The last second of the year 9999, where the dates of Python and of HTTP end.
    package static let lastSecond: UInt64 = 253_402_300_799

    package internal(set) var (year, month, day) = (1, 1, 1)
    var (hour, minute, second) = (0, 0, 0)
    /// 0 is Monday.
    var weekday = 0

    /// 0001-01-01 00:00:00 and 9999-12-31 23:59:59.
    private static let range = -62_135_596_800...253_402_300_799

    package init?(secondsSince1970: Int) {
        guard Self.range.contains(secondsSince1970) else { return nil }
        let seconds = secondsSince1970 - Self.range.lowerBound
        let days = seconds / 86_400
        self.weekday = days % 7
        self.hour = seconds % 86_400 / 3600
        self.minute = seconds % 3600 / 60
        self.second = seconds % 60
        // A year that starts in March has its leap day at the end: 306 days lie between 0000-03-01 and 0001-01-01.
        let (era, dayOfEra) = (days + 306).quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (dayOfYear * 5 + 2) / 153
        self.day = dayOfYear - (marchMonth * 153 + 2) / 5 + 1
        self.month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        self.year = era * 400 + yearOfEra + (self.month <= 2 ? 1 : 0)
    }

    /// Nil when there is no such date or time.
    package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...59).contains(second)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    /// `2024-01-02`.
    package var dateText: String {
        "\(Self.digits(self.year, 4))-\(Self.digits(self.month, 2))-\(Self.digits(self.day, 2))"
    }

    /// `03:04:05`.
    package var clockText: String {
        "\(Self.digits(self.hour, 2)):\(Self.digits(self.minute, 2)):\(Self.digits(self.second, 2))"
    }

    /// A number with zeros before it.
    package static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(count - text.utf8.count, 0)) + text
    }

    package var secondsSince1970: Int {
        let year = self.month <= 2 ? self.year - 1 : self.year
        let marchMonth = (self.month + 9) % 12
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (marchMonth * 153 + 2) / 5 + self.day - 1 - 306
        return Self.range.lowerBound + days * 86_400 + self.hour * 3600 + self.minute * 60 + self.second
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
