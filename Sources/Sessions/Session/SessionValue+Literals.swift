// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

extension SessionValue: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self = .null }
}

extension SessionValue: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension SessionValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self = .int(value) }
}

extension SessionValue: ExpressibleByFloatLiteral {
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension SessionValue: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .string(value) }
}

extension SessionValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: SessionValue...) { self = .list(elements) }
}

extension SessionValue: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, SessionValue)...) {
        self = .dictionary(SessionDictionary(elements.map { (key: $0.0, value: $0.1) }))
    }
}
