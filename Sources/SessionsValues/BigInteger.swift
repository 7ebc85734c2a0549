// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// An integer too large for `Int`, kept as its decimal digits so that it passes through a session unharmed.
///
/// Python's integers have no bounds, and a Flask application may have put any of them into a session that Swift must
/// pass on. A `BigInteger` never stands for a number that fits into `Int`: that is a `SessionValue.int`. Python reads
/// and writes at most 4300 digits (`sys.get_int_max_str_digits`), and so does this type.
public struct BigInteger: Sendable, Hashable, CustomStringConvertible {
    /// The number in decimal, without leading zeros, with a minus sign when it is negative.
    public let description: String

    /// The number of digits that Python's `int()` accepts.
    static let maximumDigits = 4300

    /// Reads a decimal integer such as `"18446744073709551616"`.
    ///
    /// Nil when `decimal` is no integer, has more than 4300 digits, or fits into `Int`.
    public init?(_ decimal: String) {
        var digits = Array(decimal.utf8)
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        guard !digits.isEmpty, digits.count <= Self.maximumDigits else { return nil }
        guard digits.allSatisfy(\.isASCIIDigit) else { return nil }
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        let text = (isNegative ? "-" : "") + String(decoding: significant, as: UTF8.self)
        guard !significant.isEmpty, Int(text) == nil else { return nil }
        self.description = text
    }
}
