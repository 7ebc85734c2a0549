// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// A value on its way between Python and Dewar: a list in JSON of its kind and its content, such as `["int","7"]`.
///
/// It is not Flask's tagged JSON, because that is among what is tested.
struct TypedValue: Codable {
    let value: SessionValue

    init(_ value: SessionValue) {
        self.value = value
    }

    init(from decoder: any Decoder) throws {
        var parts = try decoder.unkeyedContainer()
        let kind = try parts.decode(String.self)
        switch kind {
        case "none": self.value = .null
        case "bool": self.value = .bool(try parts.decode(Bool.self))
        case "int": self.value = try Self.integer(try parts.decode(String.self))
        case "float": self.value = try Self.number(try parts.decode(String.self))
        case "text": self.value = .string(try parts.decode(String.self))
        case "markup": self.value = .markup(try parts.decode(String.self))
        case "bytes": self.value = .bytes(Array(try parts.decode(Data.self)))
        case "date": self.value = .date(Date(timeIntervalSince1970: try parts.decode(Double.self)))
        case "uuid": self.value = .uuid(try parts.decode(UUID.self))
        case "list": self.value = .list(try parts.decode([TypedValue].self).map(\.value))
        case "tuple": self.value = .tuple(try parts.decode([TypedValue].self).map(\.value))
        case "dict": self.value = .dictionary(try Self.dictionary(try parts.decode([Entry].self)))
        default: throw PeerFailure(code: "unusable_call", text: "no value has the kind \(kind)")
        }
    }

    func encode(to encoder: any Encoder) throws {
        var parts = encoder.unkeyedContainer()
        switch self.value {
        case .null: try parts.encode("none")
        case .bool(let flag): try parts.encode("bool", flag)
        case .int(let number): try parts.encode("int", String(number))
        case .bigInteger(let number): try parts.encode("int", number.description)
        case .double(let number): try parts.encode("float", "\(number)")
        case .string(let text): try parts.encode("text", text)
        case .markup(let text): try parts.encode("markup", text)
        case .bytes(let bytes): try parts.encode("bytes", Data(bytes))
        case .date(let date): try parts.encode("date", date.timeIntervalSince1970)
        case .uuid(let uuid): try parts.encode("uuid", uuid)
        case .list(let items): try parts.encode("list", items.map(TypedValue.init))
        case .tuple(let items): try parts.encode("tuple", items.map(TypedValue.init))
        case .dictionary(let entries): try parts.encode("dict", entries.map(Entry.init))
        }
    }

    /// One entry of a dictionary; they are a list, so that their order is kept.
    private struct Entry: Codable {
        let key: String
        let value: TypedValue

        init(_ entry: SessionDictionary.Element) {
            self.key = entry.key
            self.value = TypedValue(entry.value)
        }
    }

    private static func dictionary(_ entries: [Entry]) throws -> SessionDictionary {
        SessionDictionary(entries.map { ($0.key, $0.value.value) })
    }

    private static func integer(_ text: String) throws -> SessionValue {
        if let number = Int(text) { return .int(number) }
        guard let number = BigInteger(text) else { throw PeerFailure(code: "unusable_call", text: "no integer") }
        return .bigInteger(number)
    }

    private static func number(_ text: String) throws -> SessionValue {
        guard let number = Double(text) else { throw PeerFailure(code: "unusable_call", text: "no number") }
        return .double(number)
    }
}

extension UnkeyedEncodingContainer {
    fileprivate mutating func encode(_ kind: String, _ content: some Encodable) throws {
        try self.encode(kind)
        try self.encode(content)
    }
}
