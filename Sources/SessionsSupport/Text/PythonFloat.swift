// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A `Double` as Python's `repr` writes it: the shortest text that reads back, in Python's choice of notation.
///
/// Swift finds the same shortest digits but changes to exponents at 2^53, Python at 1e16 and below 1e-4.
package enum PythonFloat {
    /// The JSON text, with Python's `NaN`, `Infinity` and `-Infinity`.
    package static func json(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return Self.finite(value)
    }

    /// The text of Python's `str()`.
    package static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        return Self.finite(value)
    }

    private static func finite(_ value: Double) -> String {
        let sign = value.sign == .minus ? "-" : ""
        guard value != 0 else { return sign + "0.0" }
        let (digits, exponent) = Self.decompose(value.magnitude)
        return sign + Self.compose(digits, exponent: exponent)
    }

    /// The shortest digits and the decimal exponent of the first of them: 1234.5 is ("12345", 3).
    private static func decompose(_ magnitude: Double) -> (digits: [UInt8], exponent: Int) {
        let text = Array(magnitude.description.utf8)
        let mantissa = text.prefix { $0 != UInt8(ascii: "e") }
        let written = Int(String(decoding: text.dropFirst(mantissa.count + 1), as: UTF8.self)) ?? 0
        let whole = mantissa.prefix { $0 != UInt8(ascii: ".") }
        let all = mantissa.filter { $0 != UInt8(ascii: ".") }
        let leadingZeros = all.prefix { $0 == UInt8(ascii: "0") }.count
        var digits = Array(all.dropFirst(leadingZeros))
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, written + whole.count - 1 - leadingZeros)
    }

    private static func compose(_ digits: [UInt8], exponent: Int) -> String {
        if exponent < -4 || exponent >= 16 { return Self.scientific(digits, exponent: exponent) }
        let text = String(decoding: digits, as: UTF8.self)
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + text }
        let wholeCount = exponent + 1
        if digits.count <= wholeCount {
            return text + String(repeating: "0", count: wholeCount - digits.count) + ".0"
        }
        return "\(text.prefix(wholeCount)).\(text.dropFirst(wholeCount))"
    }

    private static func scientific(_ digits: [UInt8], exponent: Int) -> String {
        let text = String(decoding: digits, as: UTF8.self)
        let mantissa = digits.count == 1 ? text : "\(text.prefix(1)).\(text.dropFirst())"
        let size = exponent.magnitude
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(size < 10 ? "0" : "")\(size)"
    }
}
