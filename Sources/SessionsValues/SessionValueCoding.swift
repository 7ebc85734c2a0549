// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Turns any `Encodable` value into a session value: structures become dictionaries, arrays lists.
///
/// What an application's own module calls is inlinable: there the type is known, and one case of `direct` is left. A
/// generic function that is compiled once for all types takes 0.4 µs to find it.
@usableFromInline package enum SessionValueEncoder {
    @inlinable
    package static func encode(_ value: some Encodable) throws -> SessionValue {
        try Self.direct(value) ?? Self.structured(value)
    }

    @usableFromInline
    static func structured(_ value: some Encodable) throws -> SessionValue {
        let node = EncodingNode()
        try value.encode(to: NodeEncoder(node: node, codingPath: []))
        return node.value
    }

    /// The Swift types that have a kind of their own in a session.
    @inlinable
    static func direct<Value: Encodable>(_ value: Value) -> SessionValue? {
        switch value {
        case let value as String: .string(value)
        case let value as Int: .int(value)
        case let value as Bool: .bool(value)
        case let value as Double: .double(value)
        case let value as Date: .date(value)
        case let value as UUID: .uuid(value)
        // An `as` cast would take an empty array of any type for one of bytes.
        case let value as [UInt8] where Value.self == [UInt8].self: .bytes(value)
        case let value as Data: .bytes(Array(value))
        default: nil
        }
    }

    /// An integer of any width.
    package static func integer(_ value: some FixedWidthInteger) -> SessionValue {
        if let value = Int(exactly: value) { return .int(value) }
        return BigInteger(String(value)).map(SessionValue.bigInteger) ?? .null
    }
}

/// Turns a session value into any `Decodable` type; the inverse of `SessionValueEncoder`.
///
/// It converts an integer where a `Double` is wanted, a tuple where an array is, and markup where a `String` is. It
/// converts no other kind.
@usableFromInline package enum SessionValueDecoder {
    package static func decode<Value: Decodable>(_ type: Value.Type, from value: SessionValue) throws -> Value {
        if let direct = Self.direct(type, from: value) { return direct }
        return try Value(from: ValueDecoder(value: value, codingPath: []))
    }

    /// The Swift types that have a kind of their own in a session.
    @inlinable
    package static func direct<Value>(_ type: Value.Type, from value: SessionValue) -> Value? {
        switch value {
        case .string(let text), .markup(let text): text as? Value
        case .int(let number): (number as? Value) ?? (Double(number) as? Value)
        case .bool(let flag): flag as? Value
        case .double(let number): number as? Value
        case .date(let date): date as? Value
        case .uuid(let uuid): uuid as? Value
        // An `as?` cast would turn empty bytes into an empty array of any type.
        case .bytes(let bytes): Value.self == [UInt8].self ? bytes as? Value : Data(bytes) as? Value
        default: nil
        }
    }
}
