// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Turns a one-entry object with a tag into the value that it stands for (`flask/json/tag.py`, lines 297 to 327).
///
/// Python's constructors accept more than Flask ever writes (the tuple of a text is its characters), and so does this.
enum Untagging {
    static func value(of object: SessionDictionary) throws(TaggedJSONError) -> SessionValue {
        guard object.count == 1, let entry = object.first(where: { _ in true }), let tag = Tag(key: entry.key) else {
            return .dictionary(object)
        }
        switch tag {
        case .escapedDictionary: return try Self.unescaped(entry.value)
        case .tuple: return .tuple(try Self.items(of: entry.value))
        case .bytes: return .bytes(try Self.bytes(of: entry.value))
        case .markup: return .markup(entry.value.description)
        case .uuid: return .uuid(try Self.uuid(of: entry.value))
        case .date: return try Self.date(of: entry.value)
        }
    }

    private static func unescaped(_ value: SessionValue) throws(TaggedJSONError) -> SessionValue {
        guard case .dictionary(let inner) = value, let entry = inner.first(where: { _ in true }) else {
            throw TaggedJSONError(.malformed)
        }
        let key = String(String.UnicodeScalarView(entry.key.unicodeScalars.dropLast(Tag.escape.count)))
        return .dictionary([key: entry.value])
    }

    private static func items(of value: SessionValue) throws(TaggedJSONError) -> [SessionValue] {
        switch value {
        case .list(let items), .tuple(let items): items
        case .string(let text), .markup(let text): text.unicodeScalars.map { .string(String($0)) }
        case .dictionary(let entries): entries.keys.map(SessionValue.string)
        case .bytes(let bytes): bytes.map { .int(Int($0)) }
        default: throw TaggedJSONError(.malformed)
        }
    }

    private static func bytes(of value: SessionValue) throws(TaggedJSONError) -> [UInt8] {
        let text: [UInt8]
        switch value {
        case .string(let string), .markup(let string):
            text = Array(string.utf8)
            guard text.allSatisfy({ $0 < 0x80 }) else { throw TaggedJSONError(.malformed) }
        case .bytes(let bytes): text = bytes
        default: throw TaggedJSONError(.malformed)
        }
        guard let bytes = Base64.decodeStandard(text) else { throw TaggedJSONError(.malformed) }
        return bytes
    }

    /// Python's `UUID` accepts braces, dashes and a leading `urn:uuid:`.
    private static func uuid(of value: SessionValue) throws(TaggedJSONError) -> UUID {
        guard case .string(let text) = value else { throw TaggedJSONError(.malformed) }
        var digits = text
        for prefix in ["urn:", "uuid:"] where digits.hasPrefix(prefix) { digits.removeFirst(prefix.count) }
        while let last = digits.last, "{}".contains(last) { digits.removeLast() }
        while let first = digits.first, "{}".contains(first) { digits.removeFirst() }
        digits.removeAll { $0 == "-" }
        let values = digits.utf8.compactMap(PercentEncoding.hexValue)
        guard values.count == 32, digits.utf8.count == 32 else { throw TaggedJSONError(.malformed) }
        let byte = { (index: Int) in values[2 * index] << 4 | values[2 * index + 1] }
        return UUID(
            uuid: (
                byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7), byte(8), byte(9), byte(10),
                byte(11), byte(12), byte(13), byte(14), byte(15)
            ))
    }

    /// Text that is not a date becomes null, as in Werkzeug.
    private static func date(of value: SessionValue) throws(TaggedJSONError) -> SessionValue {
        switch value {
        case .null: return .null
        case .string(let text), .markup(let text):
            guard let seconds = HTTPDate.parse(text) else { return .null }
            return .date(Date(timeIntervalSince1970: Double(seconds)))
        default: throw TaggedJSONError(.malformed)
        }
    }
}
