// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionValue: ExpressibleByNilLiteral {
    /// Python's `None`.
    public init(nilLiteral: ()) { self = .null }
}

extension SessionValue: ExpressibleByBooleanLiteral {
    /// True or false.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension SessionValue: ExpressibleByIntegerLiteral {
    /// An integer.
    public init(integerLiteral value: Int) { self = .int(value) }
}

extension SessionValue: ExpressibleByFloatLiteral {
    /// A number with a fraction.
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension SessionValue: ExpressibleByStringInterpolation {
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension SessionValue: ExpressibleByArrayLiteral {
    /// A list of values.
    public init(arrayLiteral elements: SessionValue...) { self = .list(elements) }
}

extension SessionValue: ExpressibleByDictionaryLiteral {
    /// A dictionary, in the order of the literal.
    public init(dictionaryLiteral elements: (String, SessionValue)...) {
        self = .dictionary(SessionDictionary(elements.map { (key: $0.0, value: $0.1) }))
    }
}
