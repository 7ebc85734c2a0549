// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A length of time on the command line: a whole number and a unit, such as `90s`, `15m`, `12h`, `30d` or `4w`.
struct Age: ExpressibleByArgument, Hashable {
    let seconds: Int

    static let help = ArgumentHelp(valueName: "age")

    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    /// A thousand years: no date overflows.
    private static let longest = 1000 * 366 * 86_400

    init?(argument: String) {
        guard let unit = argument.last.flatMap({ Self.units[$0] }), argument.utf8.dropLast().allSatisfy(\.isASCIIDigit),
            let number = Int(argument.dropLast()), number <= Self.longest / unit
        else { return nil }
        self.seconds = number * unit
    }

    /// The moment so long before another one.
    func before(_ date: Date) -> Date { date.adding(.seconds(-self.seconds)) }

    /// The time between two moments in its largest two units, such as `3d 4h`; `0s` for less than a second.
    static func text(from start: Date, to end: Date) -> String {
        let seconds = max((end.milliseconds - start.milliseconds) / 1000, 0)
        let parts = [
            ("d", seconds / 86_400), ("h", seconds / 3600 % 24), ("m", seconds / 60 % 60), ("s", seconds % 60),
        ]
        let shown = parts.drop { $0.1 == 0 }.prefix(2).filter { $0.1 > 0 }
        return shown.isEmpty ? "0s" : shown.map { "\($0.1)\($0.0)" }.joined(separator: " ")
    }
}

/// Moments as text.
enum Timestamp {
    /// ISO 8601 in UTC with milliseconds: `2026-11-29T20:15:00.125Z`.
    static func text(_ date: Date) -> String {
        let milliseconds = date.milliseconds
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard let time = CivilTime(secondsSince1970: rest < 0 ? seconds - 1 : seconds) else { return "never" }
        let fraction = CivilTime.digits(rest < 0 ? rest + 1000 : rest, 3)
        return "\(time.dateText)T\(time.clockText).\(fraction)Z"
    }
}
