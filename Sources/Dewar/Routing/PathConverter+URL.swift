// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

extension PathConverter {
    /// The text of `value` in a URL, percent-encoded; nil when the variable cannot take it.
    ///
    /// As in Werkzeug, the limits and lengths of a rule are not checked, and a slash in a text is kept. Unlike
    /// Werkzeug, the texts of `any` are encoded like all others, and a UUID must be one.
    func urlText(_ value: URLValue) -> String? {
        switch self.grammar {
        case .text, .path:
            return value.text.map { PercentEncoding.encode($0, allowing: RoutePath.allowed) }
        case .any(let items):
            guard let text = value.text, items.contains(where: { $0.elementsEqual(text.utf8) }) else { return nil }
            return PercentEncoding.encode(text, allowing: RoutePath.allowed)
        case .uuid:
            guard let text = value.text, self.grammar.matches(Array(text.utf8)[...]) else { return nil }
            return text
        case .integer:
            return Self.integerText(value).map { self.zeroFilled($0) }
        case .float:
            return Self.double(value).map { PythonFloat.text($0) }
        }
    }

    /// What values the variable takes, for messages.
    var expectation: String {
        switch self.grammar {
        case .text, .path: "one text"
        case .any(let items):
            "one of " + items.map { "\"\(String(decoding: $0, as: UTF8.self))\"" }.joined(separator: ", ")
        case .uuid: "a UUID"
        case .integer: "a whole number"
        case .float: "a number"
        }
    }

    private static func integerText(_ value: URLValue) -> String? {
        switch value {
        case .string(let text): PythonNumber.integerText(text)
        case .integer(let number): String(number)
        case .float(let number): Int(exactly: number.rounded(.towardZero)).map { String($0) }
        case .boolean(let flag): flag ? "1" : "0"
        case .null, .array: nil
        }
    }

    private static func double(_ value: URLValue) -> Double? {
        switch value {
        case .string(let text): PythonNumber.double(text)
        case .integer(let number): Double(number)
        case .float(let number): number
        case .boolean(let flag): flag ? 1 : 0
        case .null, .array: nil
        }
    }

    /// Zeros after the sign up to `fixed_digits`, the sign counted.
    private func zeroFilled(_ number: String) -> String {
        guard case .integer(let digits, _, _) = self.limits, number.utf8.count < digits else { return number }
        let zeros = String(repeating: "0", count: digits - number.utf8.count)
        return number.utf8.first == UInt8(ascii: "-") ? "-" + zeros + number.dropFirst() : zeros + number
    }
}
