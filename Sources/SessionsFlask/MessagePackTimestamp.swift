// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A moment as MessagePack's timestamp extension, with the microseconds that Python's `datetime` has.
struct MessagePackTimestamp {
    /// The type of the extension, -1.
    static let type: UInt8 = 0xFF
    /// 0001-01-01 00:00:00 and 9999-12-31 23:59:59, all that a `datetime` can be.
    private static let range = -62_135_596_800...253_402_300_799

    private let seconds: Int
    private let microseconds: Int

    /// Nil outside the years 1 to 9999.
    init?(_ date: Date) {
        let time = date.timeIntervalSince1970
        guard let whole = Int(exactly: time.rounded(.down)) else { return nil }
        let microseconds = Int(((time - Double(whole)) * 1_000_000).rounded())
        self.init(seconds: whole + microseconds / 1_000_000, microseconds: microseconds % 1_000_000)
    }

    /// Reads what stands in the extension: 4, 8 or 12 bytes.
    init?(body: ArraySlice<UInt8>) {
        let start = body.startIndex
        switch body.count {
        case 4: self.init(seconds: Int(BigEndian.number(body)), nanoseconds: 0)
        case 8:
            let both = BigEndian.number(body)
            self.init(seconds: Int(both & 0x3_FFFF_FFFF), nanoseconds: Int(both >> 34))
        case 12:
            let seconds = Int64(bitPattern: BigEndian.number(body[(start + 4)...]))
            self.init(seconds: Int(seconds), nanoseconds: Int(BigEndian.number(body[..<(start + 4)])))
        default: return nil
        }
    }

    /// Rounds to microseconds, as msgspec does.
    private init?(seconds: Int, nanoseconds: Int) {
        guard Self.range.contains(seconds), nanoseconds < 1_000_000_000 else { return nil }
        let microseconds = (nanoseconds + 500) / 1000
        self.init(seconds: seconds + microseconds / 1_000_000, microseconds: microseconds % 1_000_000)
    }

    private init?(seconds: Int, microseconds: Int) {
        guard Self.range.contains(seconds) else { return nil }
        self.seconds = seconds
        self.microseconds = microseconds
    }

    var date: Date {
        let time = Double(self.seconds) + Double(self.microseconds) / 1e6
        // The last microseconds of the year 9999 have no double of their own, and must not become the year 10000.
        return Date(timeIntervalSince1970: min(time, Double(Self.range.upperBound + 1).nextDown))
    }

    /// The whole extension, in the shortest of its three forms.
    var bytes: [UInt8] {
        var bytes: [UInt8]
        if self.seconds < 0 || self.seconds >> 34 != 0 {
            bytes = [0xC7, 12, Self.type]
            bytes.append(bigEndian: UInt64(self.microseconds) * 1000, width: 4)
            bytes.append(bigEndian: UInt64(truncatingIfNeeded: self.seconds), width: 8)
        } else if self.microseconds == 0, self.seconds >> 32 == 0 {
            bytes = [0xD6, Self.type]
            bytes.append(bigEndian: UInt64(self.seconds), width: 4)
        } else {
            bytes = [0xD7, Self.type]
            bytes.append(bigEndian: UInt64(self.microseconds) * 1000 << 34 | UInt64(self.seconds), width: 8)
        }
        return bytes
    }

    /// `2024-01-02T03:04:05.678901Z`, as msgspec writes a moment in JSON.
    var isoText: String {
        guard let time = CivilTime(secondsSince1970: self.seconds) else { return "" }
        let fraction = self.microseconds == 0 ? "" : "." + CivilTime.digits(self.microseconds, 6)
        return "\(time.dateText)T\(time.clockText)\(fraction)Z"
    }
}
