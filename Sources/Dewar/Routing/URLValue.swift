// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A value for a variable or for the query of a URL, in literals or from a variable of the program.
///
/// ```swift
/// let page = 2
/// let values: [String: URLValue] = ["name": "bob", "page": URLValue(page), "tag": ["a", "b"], "sort": nil]
/// ```
///
/// Its text is what Python's `str` makes of such a value, as in Flask: `True`, `1.0`, `1e+16`. Nil leaves the value
/// out; an array repeats a query parameter and fits no variable.
public enum URLValue: Sendable, Hashable {
    /// No value: the parameter is left out.
    case null
    /// Text.
    case string(String)
    /// A whole number.
    case integer(Int)
    /// A number with a fraction.
    case float(Double)
    /// `True` or `False`.
    case boolean(Bool)
    /// Several values of one query parameter.
    case array([URLValue])

    /// Text; also for a UUID: `URLValue(id.uuidString)`.
    public init(_ text: some StringProtocol) {
        self = .string(String(text))
    }

    /// A whole number of any type and size.
    public init(_ number: some BinaryInteger) {
        self = Int(exactly: number).map { .integer($0) } ?? .string(String(number))
    }

    /// A number with a fraction.
    public init(_ number: Double) {
        self = .float(number)
    }

    /// `True` or `False`.
    public init(_ flag: Bool) {
        self = .boolean(flag)
    }

    /// Several values of one query parameter.
    public init(_ values: [URLValue]) {
        self = .array(values)
    }

    /// What Python's `str` writes; nil for `null` and arrays, which have no place in a URL by themselves.
    var text: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .float(let number): PythonFloat.text(number)
        case .boolean(let flag): flag ? "True" : "False"
        case .null, .array: nil
        }
    }
}

extension URLValue: ExpressibleByStringInterpolation {
    /// Text, as in `"bob"`.
    public init(stringLiteral text: String) {
        self = .string(text)
    }
}

extension URLValue: ExpressibleByIntegerLiteral {
    /// A whole number, as in `7`.
    public init(integerLiteral number: Int) {
        self = .integer(number)
    }
}

extension URLValue: ExpressibleByFloatLiteral {
    /// A number with a fraction, as in `1.5`.
    public init(floatLiteral number: Double) {
        self = .float(number)
    }
}

extension URLValue: ExpressibleByBooleanLiteral {
    /// `true` or `false`.
    public init(booleanLiteral flag: Bool) {
        self = .boolean(flag)
    }
}

extension URLValue: ExpressibleByArrayLiteral {
    /// Several values of one query parameter, as in `["a", "b"]`.
    public init(arrayLiteral values: URLValue...) {
        self = .array(values)
    }
}

extension URLValue: ExpressibleByNilLiteral {
    /// No value.
    public init(nilLiteral: ()) {
        self = .null
    }
}
