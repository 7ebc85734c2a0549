// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ValueDecoder: Decoder {
    let value: SessionValue
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .dictionary(let entries) = self.value else { throw self.mismatch(SessionDictionary.self) }
        return KeyedDecodingContainer(KeyedContainer<Key>(entries: entries, codingPath: self.codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        switch self.value {
        case .list(let items), .tuple(let items): UnkeyedContainer(items: items, codingPath: self.codingPath)
        default: throw self.mismatch([SessionValue].self)
        }
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func mismatch(_ type: Any.Type) -> DecodingError {
        // The message must not contain the value.
        .typeMismatch(type, .init(codingPath: self.codingPath, debugDescription: "the session holds another kind"))
    }
}

extension ValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { self.value == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try self.scalar(type) }
    func decode(_ type: String.Type) throws -> String { try self.scalar(type) }
    func decode(_ type: Double.Type) throws -> Double { try self.scalar(type) }
    func decode(_ type: Float.Type) throws -> Float { Float(try self.scalar(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try self.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try self.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try self.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try self.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try self.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try self.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try self.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try self.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try self.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try self.integer(type) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let direct = SessionValueDecoder.direct(type, from: self.value) { return direct }
        return try Value(from: self)
    }

    private func scalar<Value>(_ type: Value.Type) throws -> Value {
        guard let value = SessionValueDecoder.direct(type, from: self.value) else { throw self.mismatch(type) }
        return value
    }

    private func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        switch self.value {
        case .int(let number):
            if let value = Value(exactly: number) { return value }
        case .bigInteger(let number):
            if let value = Value(number.description) { return value }
        default: break
        }
        throw self.mismatch(type)
    }
}

private struct UnkeyedContainer: UnkeyedDecodingContainer {
    let items: [SessionValue]
    let codingPath: [any CodingKey]
    var currentIndex = 0

    init(items: [SessionValue], codingPath: [any CodingKey]) {
        self.items = items
        self.codingPath = codingPath
    }

    var count: Int? { self.items.count }
    var isAtEnd: Bool { self.currentIndex >= self.items.count }

    mutating func decodeNil() throws -> Bool {
        guard !self.isAtEnd, self.items[self.currentIndex] == .null else { return false }
        self.currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        // A failed attempt leaves the index where it is, so that another type can be tried.
        let value = try self.current().decode(type)
        self.currentIndex += 1
        return value
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let container = try self.current().container(keyedBy: type)
        self.currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try self.current().unkeyedContainer()
        self.currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try self.current()
        self.currentIndex += 1
        return decoder
    }

    private func current() throws -> ValueDecoder {
        guard !self.isAtEnd else {
            throw DecodingError.valueNotFound(
                SessionValue.self, .init(codingPath: self.codingPath, debugDescription: "the list has ended"))
        }
        return ValueDecoder(value: self.items[self.currentIndex], codingPath: self.codingPath)
    }
}

private struct KeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let entries: SessionDictionary
    let codingPath: [any CodingKey]

    var allKeys: [Key] { self.entries.keys.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { self.entries[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try self.decoder(for: key).decodeNil() }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try self.decoder(for: key).decode(type)
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> {
        try self.decoder(for: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try self.decoder(for: key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        ValueDecoder(value: self.entries["super"] ?? .null, codingPath: self.codingPath)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try self.decoder(for: key) }

    private func decoder(for key: Key) throws -> ValueDecoder {
        guard let value = self.entries[key.stringValue] else {
            throw DecodingError.keyNotFound(
                key, .init(codingPath: self.codingPath, debugDescription: "the session has no such key"))
        }
        return ValueDecoder(value: value, codingPath: self.codingPath + [key])
    }
}
