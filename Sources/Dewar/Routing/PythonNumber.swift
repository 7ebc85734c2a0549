// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Numbers as Python reads them from text and writes them, since URLs must be the ones Flask builds.
enum PythonNumber {
    /// The decimal digits of `int(text)`, of any length, without leading zeros; nil where Python raises an error.
    static func integerText(_ text: String) -> String? {
        guard var digits = Self.ascii(text)?[...] else { return nil }
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        guard !digits.isEmpty, digits.allSatisfy(Self.isDigit) else { return nil }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        guard !significant.isEmpty else { return "0" }
        return (isNegative ? "-" : "") + String(decoding: significant, as: UTF8.self)
    }

    /// `float(text)`; nil where Python raises an error.
    static func double(_ text: String) -> Double? {
        guard let bytes = Self.ascii(text) else { return nil }
        let number = String(decoding: bytes, as: UTF8.self).lowercased()
        // Swift's own parser also takes hexadecimal numbers and a NaN with a payload.
        let isSigned = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
        let unsigned = isSigned ? number.dropFirst() : number[...]
        guard ["inf", "infinity", "nan"].contains(unsigned) || unsigned.utf8.allSatisfy(Self.isInDecimal) else {
            return nil
        }
        return Double(number)
    }

    /// `str(number)`: the shortest text that reads back, with an exponent below 1e-4 and from 1e16.
    static func text(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
        let sign = number.sign == .minus ? "-" : ""
        guard number != 0 else { return sign + "0.0" }
        let (digits, exponent) = Self.shortest(number.magnitude)
        if exponent < -4 || exponent >= 16 {
            let fraction = digits.count > 1 ? "." + Self.string(digits[1...]) : ""
            let size = (exponent.magnitude < 10 ? "0" : "") + String(exponent.magnitude)
            return sign + Self.string(digits[..<1]) + fraction + "e" + (exponent < 0 ? "-" : "+") + size
        }
        if exponent < 0 {
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + Self.string(digits[...])
        }
        let padded = digits + Array(repeating: UInt8(ascii: "0"), count: max(0, exponent + 2 - digits.count))
        return sign + Self.string(padded[...exponent]) + "." + Self.string(padded[(exponent + 1)...])
    }

    /// The shortest significant digits, and the decimal exponent of the first of them.
    private static func shortest(_ number: Double) -> (digits: [UInt8], exponent: Int) {
        let pieces = number.description.utf8.split(separator: UInt8(ascii: "e"))
        let scale = pieces.count > 1 ? Int(String(decoding: pieces[1], as: UTF8.self)) ?? 0 : 0
        let mantissa = Array(pieces[0])
        let point = mantissa.firstIndex(of: UInt8(ascii: ".")) ?? mantissa.count
        var digits = mantissa.filter { $0 != UInt8(ascii: ".") }
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, point - 1 - zeros + scale)
    }

    /// Without surrounding white space, with ASCII digits for those of any script and without underscores between
    /// digits; nil when anything else is not ASCII or an underscore stands elsewhere.
    private static func ascii(_ text: String) -> [UInt8]? {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, Self.isSpace(first) { scalars.removeFirst() }
        while let last = scalars.last, Self.isSpace(last) { scalars.removeLast() }
        var bytes: [UInt8] = []
        var isAfterUnderscore = false
        for scalar in scalars {
            guard let byte = Self.ascii(scalar) else { return nil }
            if byte == UInt8(ascii: "_") {
                guard let last = bytes.last, Self.isDigit(last), !isAfterUnderscore else { return nil }
                isAfterUnderscore = true
            } else {
                guard !isAfterUnderscore || Self.isDigit(byte) else { return nil }
                isAfterUnderscore = false
                bytes.append(byte)
            }
        }
        return isAfterUnderscore ? nil : bytes
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.isASCII { return UInt8(scalar.value) }
        guard scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue else {
            return nil
        }
        return UInt8(ascii: "0") + UInt8(value)
    }

    /// Python counts the four ASCII separators as white space too.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isInDecimal(_ byte: UInt8) -> Bool {
        Self.isDigit(byte) || ".e+-".utf8.contains(byte)
    }

    private static func string(_ digits: ArraySlice<UInt8>) -> String {
        String(decoding: digits, as: UTF8.self)
    }
}
