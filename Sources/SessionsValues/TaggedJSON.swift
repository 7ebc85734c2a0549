// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Flask's JSON for sessions, which keeps what plain JSON loses: tuples, bytes, markup, UUIDs and dates.
///
/// JSON lacks some kinds of values. Such a value becomes an object with one entry, whose key is a *tag*: `{" t":[1,2]}`
/// is a tuple. A real one-entry dictionary with such a key is escaped as `{" di":{" t__":…}}`. (Flask's
/// `flask/json/tag.py`.)
///
/// ```swift
/// let text = try TaggedJSON.encode(["n": 1, "id": .tuple([1, 2])])
/// // {"id":{" t":[1,2]},"n":1}
/// let value = try TaggedJSON.decode(text)
/// ```
package enum TaggedJSON {
    /// The deepest nesting of lists and dictionaries, for reading and writing: Python's own limit stops Flask earlier.
    package static let maximumDepth = 400

    /// Writes a value exactly as Flask does: keys sorted by code point, no spaces, pure ASCII.
    ///
    /// - Throws: ``TaggedJSONError`` for a date outside the years 1 to 9999 and for nesting over ``maximumDepth``.
    package static func encode(_ value: SessionValue) throws(TaggedJSONError) -> [UInt8] {
        if case .dictionary(let entries) = value { return try Self.encode(entries) }
        var writer = TaggedJSONWriter()
        try writer.writeAll(value)
        return writer.output
    }

    /// Writes a dictionary; what nothing has decoded since it was read is copied.
    ///
    /// - Parameter depth: How many lists and dictionaries will stand around it.
    package static func encode(_ entries: SessionDictionary, depth: Int = 0) throws(TaggedJSONError) -> [UInt8] {
        var writer = TaggedJSONWriter()
        // Most sessions are no larger.
        writer.output.reserveCapacity(128)
        try writer.writeSession(entries, depth: depth)
        return writer.output
    }

    /// Reads everything that Flask reads.
    ///
    /// Half a surrogate pair (`\ud800`), which a Swift string cannot hold, becomes U+FFFD.
    ///
    /// - Parameter start: How many bytes stand before the JSON.
    /// - Throws: ``TaggedJSONError`` where Flask raises, and for nesting over ``maximumDepth``.
    package static func decode(_ json: [UInt8], from start: Int = 0) throws(TaggedJSONError) -> SessionValue {
        if let entries = CanonicalJSON.entries(of: json, from: start) { return .dictionary(entries) }
        var reader = try TaggedJSONReader(json, from: start)
        return try reader.readDocument()
    }

    /// Reads a value in the form that ``CanonicalJSON`` accepts.
    static func decodeCanonical(_ text: ArraySlice<UInt8>) -> SessionValue {
        if text.first == UInt8(ascii: "\""), !text.contains(UInt8(ascii: "\\")) {
            return .string(String(decoding: text.dropFirst().dropLast(), as: UTF8.self))
        }
        if text.count < 20, let number = Int(String(decoding: text, as: UTF8.self)) { return .int(number) }
        // Reading cannot fail: the text has been checked.
        guard var reader = try? TaggedJSONReader(Array(text), readsLater: false) else { return .null }
        return (try? reader.readDocument()) ?? .null
    }
}

/// Why a value could not be written as tagged JSON, or a text could not be read.
///
/// It names the kind of fault and its place, never the value: session contents do not belong in logs.
package struct TaggedJSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Kind: Hashable, Sendable {
        /// The text is not JSON, or a tag holds a value that it cannot have.
        case malformed
        /// Lists and dictionaries nest deeper than ``TaggedJSON/maximumDepth``.
        case tooDeep
        /// A date lies outside the years 1 to 9999, which an HTTP date cannot express.
        case dateOutOfRange
    }

    /// What is wrong.
    package let kind: Kind
    /// When reading, the place in the text, in bytes.
    package let offset: Int?

    package init(_ kind: Kind, offset: Int? = nil) {
        self.kind = kind
        self.offset = offset
    }

    /// The fault in words, without any of the text.
    package var description: String {
        let place = self.offset.map { " at byte \($0)" } ?? ""
        return switch self.kind {
        case .malformed: "not Flask's tagged JSON\(place)"
        case .tooDeep: "lists and dictionaries nest deeper than \(TaggedJSON.maximumDepth) levels\(place)"
        case .dateOutOfRange: "a date outside the years 1 to 9999 cannot be stored in a session"
        }
    }
}

/// The keys that mark a one-entry object as something other than a dictionary (`flask/json/tag.py`, lines 93 to 216).
enum Tag: String, CaseIterable {
    case escapedDictionary = " di"
    case tuple = " t"
    case bytes = " b"
    case markup = " m"
    case uuid = " u"
    case date = " d"

    /// The text that Flask appends to a real key that looks like a tag.
    static let escape = "__"

    init?(key: String) {
        // Every tag begins with a space, which hardly any key does.
        guard key.utf8.first == UInt8(ascii: " ") else { return nil }
        self.init(rawValue: key)
    }
}

/// Turns a one-entry object with a tag into the value that it stands for (`flask/json/tag.py`, lines 297 to 327).
///
/// Python's constructors accept more than Flask ever writes (the tuple of a text is its characters, and the markup of a
/// tuple is its text), and so does this.
struct Untagging {
    /// How many characters and items the tags of one text may make of values that Flask never puts under them. Each such
    /// tag makes its value longer, so that some twenty of them, one in the other, would fill the memory.
    private var left = 1 << 16

    mutating func value(of object: SessionDictionary) throws(TaggedJSONError) -> SessionValue {
        guard let tag = object.onlyKey.flatMap(Tag.init(key:)), let entry = object.first(where: { _ in true }) else {
            return .dictionary(object)
        }
        switch tag {
        case .escapedDictionary: return try Self.unescaped(entry.value)
        case .tuple: return .tuple(try self.items(of: entry.value))
        case .bytes: return .bytes(try Self.bytes(of: entry.value))
        case .markup: return .markup(try self.text(of: entry.value))
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

    private mutating func items(of value: SessionValue) throws(TaggedJSONError) -> [SessionValue] {
        switch value {
        case .list(let items), .tuple(let items): return items
        case .string(let text), .markup(let text):
            try self.spend(text.utf8.count)
            return text.unicodeScalars.map { .string(String($0)) }
        case .dictionary(let entries):
            try self.spend(entries.count)
            return entries.keys.map(SessionValue.string)
        case .bytes(let bytes):
            try self.spend(bytes.count)
            return bytes.map { .int(Int($0)) }
        default: throw TaggedJSONError(.malformed)
        }
    }

    private mutating func text(of value: SessionValue) throws(TaggedJSONError) -> String {
        let text = value.description
        switch value {
        case .list, .tuple, .dictionary: try self.spend(text.utf8.count)
        default: break
        }
        return text
    }

    private mutating func spend(_ count: Int) throws(TaggedJSONError) {
        self.left -= count
        guard self.left >= 0 else { throw TaggedJSONError(.malformed) }
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

    /// Text that is not a date becomes null, as in Werkzeug, which takes what is empty for such a text, and bytes.
    private static func date(of value: SessionValue) throws(TaggedJSONError) -> SessionValue {
        switch value {
        case .null: return .null
        case .string(let text), .markup(let text):
            guard let seconds = HTTPDate.parse(text) else { return .null }
            return .date(Date(timeIntervalSince1970: Double(seconds)))
        case .bytes: return .null
        default:
            guard !value.isTruthy else { throw TaggedJSONError(.malformed) }
            return .null
        }
    }
}
