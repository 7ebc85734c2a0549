// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Flask's JSON for sessions, which keeps what plain JSON loses: tuples, bytes, markup, UUIDs and dates.
///
/// A value that JSON lacks becomes an object with one entry whose key is a *tag*: `{" t":[1,2]}` is a tuple. A real
/// one-entry dictionary with such a key is escaped as `{" di":{" t__":…}}`. (Flask's `flask/json/tag.py`.)
///
/// ```swift
/// let text = try TaggedJSON.encode(["n": 1, "id": .tuple([1, 2])])
/// // {"id":{" t":[1,2]},"n":1}
/// let value = try TaggedJSON.decode(text)
/// ```
public enum TaggedJSON {
    /// How deep lists and dictionaries may nest, in both directions: more than Python's own limit lets Flask write.
    public static let maximumDepth = 400

    /// Writes a value exactly as Flask does: keys sorted by code point, no spaces, pure ASCII.
    ///
    /// - Throws: ``TaggedJSONError`` for a date outside the years 1 to 9999 and for nesting over ``maximumDepth``.
    public static func encode(_ value: SessionValue) throws(TaggedJSONError) -> [UInt8] {
        var writer = TaggedJSONWriter()
        try writer.writeAll(value)
        return writer.output
    }

    /// Reads everything that Flask reads, whoever wrote it.
    ///
    /// Half a surrogate pair (`\ud800`), which a Swift string cannot hold, is read as U+FFFD.
    ///
    /// - Throws: ``TaggedJSONError`` where Flask raises, and for nesting over ``maximumDepth``.
    public static func decode(_ json: [UInt8]) throws(TaggedJSONError) -> SessionValue {
        var reader = try TaggedJSONReader(json)
        return try reader.readDocument()
    }
}
