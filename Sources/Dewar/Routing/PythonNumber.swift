// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Numbers as Python reads them from text, since the same URLs must match as in Flask.
enum PythonNumber {
    /// The decimal digits of `int(text)`, of any length, without leading zeros; nil where Python raises an error.
    static func integerText(_ text: String) -> String? {
        guard var digits = Self.ascii(text)?[...] else { return nil }
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else { return nil }
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
                guard let last = bytes.last, last.isASCIIDigit, !isAfterUnderscore else { return nil }
                isAfterUnderscore = true
            } else {
                guard !isAfterUnderscore || byte.isASCIIDigit else { return nil }
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

    private static func isInDecimal(_ byte: UInt8) -> Bool {
        byte.isASCIIDigit || ".e+-".utf8.contains(byte)
    }
}
