// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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
    case bool(Bool)
    case int(Int)
    /// An integer that does not fit into `Int`.
    case bigInteger(BigInteger)
    /// A number with a fraction; NaN and the infinities are allowed, as in Python's JSON.
    case double(Double)
    case string(String)
    case bytes([UInt8])
    /// A moment, stored in whole seconds of UTC within the years 1 to 9999.
    case date(Date)
    case uuid(UUID)
    /// Text that is HTML already (`markupsafe.Markup`).
    case markup(String)
    case list([SessionValue])
    /// Python's tuple; it comes back as a tuple, where a list comes back as a list.
    case tuple([SessionValue])
    case dictionary(SessionDictionary)
}

extension SessionValue: Hashable {
    /// Whether two values are of one kind and the same; texts are compared by their bytes.
    public static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.int(let left), .int(let right)): left == right
        case (.bigInteger(let left), .bigInteger(let right)): left == right
        case (.double(let left), .double(let right)): Self.isSame(left, right)
        case (.string(let left), .string(let right)), (.markup(let left), .markup(let right)):
            left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.date(let left), .date(let right)): left == right
        case (.uuid(let left), .uuid(let right)): left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)): left == right
        case (.dictionary(let left), .dictionary(let right)): left == right
        default: false
        }
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .bigInteger(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value.isNaN ? Double.nan.bitPattern : value.bitPattern)
        case .string(let text), .markup(let text): text.utf8.forEach { hasher.combine($0) }
        case .bytes(let bytes): hasher.combine(bytes)
        case .date(let date): hasher.combine(date)
        case .uuid(let uuid): hasher.combine(uuid)
        case .list(let items), .tuple(let items): hasher.combine(items)
        case .dictionary(let entries): hasher.combine(entries)
        }
    }

    /// Zero differs from minus zero, and NaN equals NaN: what is compared is what would be stored.
    private static func isSame(_ left: Double, _ right: Double) -> Bool {
        left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
    }
}

extension SessionValue: CustomStringConvertible {
    /// The value as text, as Python's `str()` gives it for text and numbers.
    public var description: String {
        switch self {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let value): String(value)
        case .bigInteger(let value): value.description
        case .double(let value): PythonFloat.text(value)
        case .string(let text), .markup(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .date(let date): HTTPDate.format(date) ?? String(date.timeIntervalSince1970)
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
        case .tuple(let items): "(" + items.map(\.description).joined(separator: ", ") + ")"
        case .dictionary(let entries):
            "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
        }
    }
}

extension SessionValue {
    /// Whether Python's `if` would take the value: false for null, false, zero, and empty text, bytes or containers.
    ///
    /// It is what `if session.get("logged_in"):` asks in a Flask application:
    ///
    /// ```swift
    /// if session["logged_in"]?.isTruthy == true { ... }
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
