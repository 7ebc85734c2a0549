// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

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
        var writer = TaggedJSONWriter()
        try writer.writeAll(value)
        return writer.output
    }

    /// Reads everything that Flask reads.
    ///
    /// Half a surrogate pair (`\ud800`), which a Swift string cannot hold, becomes U+FFFD.
    ///
    /// - Throws: ``TaggedJSONError`` where Flask raises, and for nesting over ``maximumDepth``.
    package static func decode(_ json: [UInt8]) throws(TaggedJSONError) -> SessionValue {
        var reader = try TaggedJSONReader(json)
        return try reader.readDocument()
    }
}

/// Why a value could not be written as tagged JSON, or a text could not be read.
///
/// It names the kind of fault and its place, never the value: session contents do not belong in logs.
package struct TaggedJSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: Hashable, Sendable {
        /// The text is not JSON, or a tag holds a value that it cannot have.
        case malformed
        /// Lists and dictionaries nest deeper than ``TaggedJSON/maximumDepth``.
        case tooDeep
        /// A date lies outside the years 1 to 9999, which an HTTP date cannot express.
        case dateOutOfRange
    }

    /// What is wrong.
    package let code: Code
    /// When reading, the place in the text, in bytes.
    package let offset: Int?

    package init(_ code: Code, offset: Int? = nil) {
        self.code = code
        self.offset = offset
    }

    /// The fault in words, without any of the text.
    package var description: String {
        let place = self.offset.map { " at byte \($0)" } ?? ""
        return switch self.code {
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
