// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// One value in a session: everything that Flask's tagged JSON can carry.
///
/// Literals work where a `SessionValue` is expected, and ``Session``'s generic subscripts convert ordinary Swift types:
///
/// ```swift
/// session["username"] = "admin"
/// session["cart"] = ["apple", 3, ["colour": "red"]]
/// let name: String? = session["username"]
/// ```
///
/// Two values are equal when they have the same kind and content. Text is compared by its bytes, as Python does, and
/// not by canonical equivalence: `"é"` in one code point differs from `"é"` in two.
public enum SessionValue: Sendable {
    /// Python's `None`.
    case null
    /// True or false.
    case bool(Bool)
    /// An integer.
    case int(Int)
    /// An integer that does not fit into `Int`.
    case bigInteger(BigInteger)
    /// A number with a fraction; NaN and the infinities are allowed, as in Python's JSON.
    case double(Double)
    /// Text.
    case string(String)
    /// Bytes: Python's `bytes`.
    case bytes([UInt8])
    /// A moment, stored in whole seconds of UTC within the years 1 to 9999.
    case date(Date)
    /// A UUID.
    case uuid(UUID)
    /// Text that is already HTML (`markupsafe.Markup`).
    case markup(String)
    /// A list of values.
    case list([SessionValue])
    /// Python's tuple. It is read back as a tuple, and a list as a list.
    case tuple([SessionValue])
    /// Values under text keys: Python's `dict`.
    case dictionary(SessionDictionary)
}

extension SessionValue {
    /// Whether Python's `if` would take the value for true: false for null, false, zero, and empty text, bytes or
    /// containers.
    ///
    /// A Flask application asks it with `if session.get("logged_in"):`.
    ///
    /// ```swift
    /// let isLoggedIn = session["logged_in"]?.isTruthy == true
    /// ```
    public var isTruthy: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .string(let text), .markup(let text): !text.isEmpty
        case .bytes(let bytes): !bytes.isEmpty
        case .list(let items), .tuple(let items): !items.isEmpty
        case .dictionary(let entries): !entries.isEmpty
        case .bigInteger, .date, .uuid: true
        }
    }
}

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
