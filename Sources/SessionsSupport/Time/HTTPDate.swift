// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Dates as HTTP writes them, in whole seconds since 1970 (UTC).
package enum HTTPDate {
    private static let dayNames = Array("MonTueWedThuFriSatSun".utf8)
    private static let monthNames = Array("JanFebMarAprMayJunJulAugSepOctNovDec".utf8)

    /// Writes `Thu, 29 Feb 2024 23:59:59 GMT` (RFC 9110, section 5.6.7), the year padded to four digits, in the
    /// proleptic Gregorian calendar; nil outside the years 1 to 9999.
    package static func format(_ secondsSince1970: Int) -> String? {
        guard let time = CivilTime(secondsSince1970: secondsSince1970) else { return nil }
        var text = Array("Mon, 00 Jan 0000 00:00:00 GMT".utf8)
        Self.copyName(time.weekday, of: Self.dayNames, to: 0, in: &text)
        Self.write(time.day, to: 5, in: &text)
        Self.copyName(time.month - 1, of: Self.monthNames, to: 8, in: &text)
        Self.write(time.year / 100, to: 12, in: &text)
        Self.write(time.year % 100, to: 14, in: &text)
        Self.write(time.hour, to: 17, in: &text)
        Self.write(time.minute, to: 20, in: &text)
        Self.write(time.second, to: 23, in: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads what Python's `email.utils.parsedate_to_datetime` reads: the HTTP forms (IMF-fixdate, RFC 850, asctime),
    /// and e-mail dates with a numeric or US zone or none (then UTC), without seconds, with two-digit years; nil for
    /// any other text and for impossible dates.
    ///
    /// Fuzzed against `werkzeug.http.parse_date` (Werkzeug 3.1.8, Python 3.11). Four differences remain. Where Python
    /// fails with OverflowError (numbers beyond its C types), this returns nil, and so it does where a zone leads out
    /// of the years 1 to 9999: Python reads such a date, and fails when it writes it. Zone names are compared in ASCII;
    /// Python also takes U+017F for S and the ligatures U+FB05 and U+FB06 for ST. Decimal digits that Unicode added
    /// after version 14 count here.
    package static func parse(_ text: String) -> Int? {
        if let seconds = Self.parseFixed(text) { return seconds }
        var words = DateText.words(of: text)
        DateText.dropDayName(&words)
        DateText.splitDashes(&words)
        DateText.splitZone(&words)
        guard words.count >= 5 else { return nil }
        return DateText.seconds(words[0], words[1], words[2], words[3], words[4])
    }

    /// Reads the form that `format` writes, many times faster than the general parser; nil for anything else.
    private static func parseFixed(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 29, bytes[3] == UInt8(ascii: ","), bytes[0..<3].allSatisfy(\.isASCIILetter),
            bytes[19] == UInt8(ascii: ":"), bytes[22] == UInt8(ascii: ":"),
            [4, 7, 11, 16, 25].allSatisfy({ bytes[$0] == UInt8(ascii: " ") }),
            bytes[26...].elementsEqual("GMT".utf8), let month = Self.month(bytes[8..<11]),
            let day = Self.number(bytes[5..<7]), let year = Self.number(bytes[12..<16]),
            let hour = Self.number(bytes[17..<19]), let minute = Self.number(bytes[20..<22]),
            let second = Self.number(bytes[23..<25])
        else { return nil }
        let fullYear = DateText.fullYear(year)
        return CivilTime(year: fullYear, month: month, day: day, hour: hour, minute: minute, second: second)?
            .secondsSince1970
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }

    private static func month(_ name: ArraySlice<UInt8>) -> Int? {
        (0..<12).first { Self.monthNames[($0 * 3)..<($0 * 3 + 3)].elementsEqual(name) }.map { $0 + 1 }
    }

    private static func write(_ number: Int, to index: Int, in text: inout [UInt8]) {
        text[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
        text[index + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
    }

    private static func copyName(_ number: Int, of names: [UInt8], to index: Int, in text: inout [UInt8]) {
        for offset in 0..<3 { text[index + offset] = names[number * 3 + offset] }
    }
}

/// The steps of Python's e-mail date parser (`email/_parseaddr.py:_parsedate_tz`), on words of ASCII bytes.
private enum DateText {
    typealias Word = [UInt8]

    private static let comma = UInt8(ascii: ",")
    /// Stand for a character beyond ASCII: one that Python's `isdigit` calls a digit (such as a superscript), and any
    /// other.
    private static let digitLike: UInt8 = 0x80
    private static let other: UInt8 = 0x81

    private static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map { Word($0.utf8) }
    private static let monthNames = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ].map { Word($0.utf8) }
    private static let zones: [Word: Int] = {
        let hours = [
            "ut": 0, "utc": 0, "gmt": 0, "z": 0, "ast": -4, "adt": -3, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
            "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
        ]
        return Dictionary(uniqueKeysWithValues: hours.map { (Word($0.key.utf8), $0.value * 3600) })
    }()

    /// The text cut at white space, in lower case, every decimal digit of Unicode as the ASCII one.
    static func words(of text: String) -> [Word] {
        let space = UInt8(ascii: " ")
        return text.unicodeScalars.map { scalar -> UInt8 in
            switch scalar {
            case "A"..."Z": return UInt8(scalar.value) | 0x20
            case " ", "\t"..."\r", "\u{1C}"..."\u{1F}": return space
            case _ where scalar.isASCII: return UInt8(scalar.value)
            case _ where scalar.properties.isWhitespace: return space
            default: return Self.byte(forNonASCII: scalar.properties)
            }
        }.split(separator: space).map(Word.init)
    }

    private static func byte(forNonASCII properties: Unicode.Scalar.Properties) -> UInt8 {
        switch properties.numericType {
        case .decimal: UInt8(ascii: "0") + UInt8(properties.numericValue ?? 0)
        case .digit: Self.digitLike
        default: Self.other
        }
    }

    static func dropDayName(_ words: inout [Word]) {
        guard let first = words.first else { return }
        if first.last == Self.comma || Self.dayNames.contains(first) {
            words.removeFirst()
        } else if let index = first.lastIndex(of: Self.comma) {
            words[0] = Word(first[(index + 1)...])
        }
    }

    /// RFC 850: the day, the month and the year are one word.
    static func splitDashes(_ words: inout [Word]) {
        guard words.count == 3 else { return }
        let parts = words[0].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map(Word.init)
        if parts.count == 3 { words.replaceSubrange(0...0, with: parts) }
    }

    /// A numeric zone may follow the time without a space; a missing zone becomes an empty word.
    static func splitZone(_ words: inout [Word]) {
        guard words.count == 4 else { return }
        let time = words[3]
        let sign = time.firstIndex(of: UInt8(ascii: "+")) ?? time.firstIndex(of: UInt8(ascii: "-"))
        if let sign, sign > 0 {
            words.replaceSubrange(3...3, with: [Word(time[..<sign]), Word(time[sign...])])
        } else {
            words.append([])
        }
    }

    static func seconds(_ day: Word, _ month: Word, _ year: Word, _ time: Word, _ zone: Word) -> Int? {
        guard !day.isEmpty, !month.isEmpty, !year.isEmpty else { return nil }
        var (day, monthNumber, year, time, zone) = (day, Self.month(month), year, time, zone)
        if monthNumber == nil { (day, monthNumber) = (month, Self.month(day)) }
        Self.dropComma(&day)
        if let colon = year.firstIndex(of: UInt8(ascii: ":")), colon > 0 { swap(&year, &time) }
        Self.dropComma(&year)
        guard let first = year.first else { return nil }
        if first != Self.digitLike && !first.isASCIIDigit { swap(&year, &zone) }
        Self.dropComma(&time)
        guard let month = monthNumber, let yearNumber = Self.integer(year), let dayNumber = Self.integer(day),
            let (hour, minute, second) = Self.time(time), let offset = Self.offset(zone),
            let civil = CivilTime(
                year: Self.fullYear(yearNumber), month: month, day: dayNumber, hour: hour, minute: minute,
                second: second)
        else { return nil }
        let seconds = civil.secondsSince1970 - offset
        return CivilTime(secondsSince1970: seconds) == nil ? nil : seconds
    }

    private static func dropComma(_ word: inout Word) {
        if word.last == Self.comma { word.removeLast() }
    }

    private static func month(_ word: Word) -> Int? {
        self.monthNames.firstIndex { $0 == word || $0.prefix(3) == word[...] }.map { $0 + 1 }
    }

    static func fullYear(_ year: Int) -> Int {
        guard year < 100 else { return year }
        return year > 68 ? year + 1900 : year + 2000
    }

    /// `22:13`, `22:13:20`, and the same with dots.
    private static func time(_ word: Word) -> (Int, Int, Int)? {
        var parts = word.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map(Word.init)
        if parts.count == 1 {
            parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Word.init)
        }
        if parts.count == 2 { parts.append([UInt8(ascii: "0")]) }
        guard parts.count == 3, let hour = Self.integer(parts[0]), let minute = Self.integer(parts[1]),
            let second = Self.integer(parts[2])
        else { return nil }
        return (hour, minute, second)
    }

    /// Seconds east of UTC, 0 for an unknown name; nil from 24 hours on.
    private static func offset(_ zone: Word) -> Int? {
        if let named = Self.zones[zone] { return named }
        guard let number = Self.integer(zone) else { return 0 }
        let offset = number.magnitude / 100 * 3600 + number.magnitude % 100 * 60
        guard offset < 86_400 else { return nil }
        return Int(offset) * number.signum()
    }

    /// Python's `int`: a sign, and digits with single underscores between them. The value is capped far beyond any
    /// date.
    private static func integer(_ word: Word) -> Int? {
        let isNegative = word.first == UInt8(ascii: "-")
        let digits = isNegative || word.first == UInt8(ascii: "+") ? word.dropFirst() : word[...]
        var number = 0
        var count = 0
        var mayPause = false
        for byte in digits {
            if byte == UInt8(ascii: "_"), mayPause {
                mayPause = false
            } else if byte.isASCIIDigit {
                number = min(number * 10 + Int(byte - UInt8(ascii: "0")), 1_000_000_000_000)
                count += 1
                mayPause = true
            } else {
                return nil
            }
        }
        // Python refuses to read more than 4300 digits.
        guard mayPause, count <= 4300 else { return nil }
        return isNegative ? -number : number
    }
}

extension HTTPDate {
    /// The text of a date, rounded down to whole seconds; nil outside the years 1 to 9999.
    package static func format(_ date: Date) -> String? {
        guard let seconds = Int(exactly: date.timeIntervalSince1970.rounded(.down)) else { return nil }
        return Self.format(seconds)
    }
}
