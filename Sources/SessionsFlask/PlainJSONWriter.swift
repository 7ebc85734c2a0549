// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes session values as the JSON that Flask-Session keeps (msgspec's): UTF-8, no tags, what JSON lacks as text.
///
/// Bytes become base64, dates and UUIDs text, NaN and the infinities null; only the quote, the backslash and control
/// characters are escaped. Doubles are in Python's notation, which msgspec reads but does not write for the smallest
/// and the largest.
struct PlainJSONWriter: JSONWriter {
    var output: [UInt8] = []
    var containers: [OpenContainer] = []

    static func encode(_ value: SessionValue) throws(FlaskRecordError) -> [UInt8] {
        var writer = PlainJSONWriter()
        try writer.writeAll(value)
        guard writer.output.count <= FlaskRecordError.maximumSize else { throw FlaskRecordError(.tooLarge) }
        return writer.output
    }

    /// Writes a value without what is in it, which is left open.
    mutating func begin(_ value: SessionValue, depth: Int) throws(FlaskRecordError) {
        guard depth <= TaggedJSON.maximumDepth else { throw FlaskRecordError(.tooDeep) }
        switch value {
        case .null: self.append("null")
        case .bool(let value): self.append(value ? "true" : "false")
        case .int(let value): self.append(String(value))
        case .bigInteger(let value): self.append(value.description)
        case .double(let value): self.append(value.isFinite ? PythonFloat.json(value) : "null")
        case .string(let text): self.write(text)
        case .bytes(let bytes): self.write(String(decoding: Base64.encodeStandard(bytes), as: UTF8.self))
        case .uuid(let uuid): self.write(uuid.uuidString.lowercased())
        case .markup: throw FlaskRecordError(.markup)
        case .date(let date):
            guard let time = MessagePackTimestamp(date) else { throw FlaskRecordError(.dateOutOfRange) }
            self.write(time.isoText)
        case .list(let items), .tuple(let items):
            self.append("[")
            self.containers.append(OpenContainer(items, depth: depth + 1, ending: "]"))
        case .dictionary(let entries):
            self.append("{")
            self.containers.append(OpenContainer(Array(entries), depth: depth + 1, ending: "}"))
        }
    }

    mutating func write(_ text: String) {
        self.append("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): self.append("\\\"")
            case UInt8(ascii: "\\"): self.append("\\\\")
            case 0x08: self.append("\\b")
            case 0x0C: self.append("\\f")
            case UInt8(ascii: "\n"): self.append("\\n")
            case UInt8(ascii: "\r"): self.append("\\r")
            case UInt8(ascii: "\t"): self.append("\\t")
            case 0..<0x20: self.append("\\u00" + Hex.text([byte]))
            default: self.output.append(byte)
            }
        }
        self.append("\"")
    }
}
