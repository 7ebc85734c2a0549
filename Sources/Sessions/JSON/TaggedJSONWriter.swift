// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes session values as Flask's tagged JSON.
struct TaggedJSONWriter {
    private(set) var output: [UInt8] = []

    mutating func write(_ value: SessionValue, depth: Int) throws(TaggedJSONError) {
        guard depth <= TaggedJSON.maximumDepth else { throw TaggedJSONError(.tooDeep) }
        switch value {
        case .null: self.append("null")
        case .bool(let value): self.append(value ? "true" : "false")
        case .int(let value): self.append(String(value))
        case .bigInteger(let value): self.append(value.description)
        case .double(let value): self.append(PythonFloat.json(value))
        case .string(let text): self.write(text)
        case .list(let items): try self.write(items, depth: depth)
        case .dictionary(let entries): try self.write(entries, depth: depth)
        case .tuple(let items):
            try self.open(.tuple, depth: depth)
            try self.write(items, depth: depth + 1)
            self.append("}")
        case .bytes(let bytes):
            try self.open(.bytes, depth: depth)
            self.append("\"")
            self.output += Base64.encodeStandard(bytes)
            self.append("\"}")
        case .markup(let text): try self.write(text, tagged: .markup, depth: depth)
        case .uuid(let uuid):
            try self.write(uuid.uuidString.lowercased().filter { $0 != "-" }, tagged: .uuid, depth: depth)
        case .date(let date):
            guard let text = HTTPDate.format(date) else { throw TaggedJSONError(.dateOutOfRange) }
            try self.write(text, tagged: .date, depth: depth)
        }
    }

    private mutating func write(_ items: [SessionValue], depth: Int) throws(TaggedJSONError) {
        self.append("[")
        for (index, item) in items.enumerated() {
            if index > 0 { self.append(",") }
            try self.write(item, depth: depth + 1)
        }
        self.append("]")
    }

    private mutating func write(_ entries: SessionDictionary, depth: Int) throws(TaggedJSONError) {
        if entries.count == 1, let entry = entries.first(where: { _ in true }), Tag(key: entry.key) != nil {
            try self.open(.escapedDictionary, depth: depth)
            try self.writeObject([(entry.key + Tag.escape, entry.value)], depth: depth + 1)
            self.append("}")
            return
        }
        // UTF-8 bytes sort as code points do, which is Python's order.
        let sorted = entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        try self.writeObject(sorted, depth: depth)
    }

    private mutating func writeObject(
        _ entries: [SessionDictionary.Element], depth: Int
    ) throws(TaggedJSONError) {
        self.append("{")
        for (index, entry) in entries.enumerated() {
            if index > 0 { self.append(",") }
            self.write(entry.key)
            self.append(":")
            try self.write(entry.value, depth: depth + 1)
        }
        self.append("}")
    }

    /// Begins the object around a tagged value, which is one level more for whoever reads it.
    private mutating func open(_ tag: Tag, depth: Int) throws(TaggedJSONError) {
        guard depth < TaggedJSON.maximumDepth else { throw TaggedJSONError(.tooDeep) }
        self.append("{\"")
        self.append(tag.rawValue)
        self.append("\":")
    }

    private mutating func write(_ text: String, tagged tag: Tag, depth: Int) throws(TaggedJSONError) {
        try self.open(tag, depth: depth)
        self.write(text)
        self.append("}")
    }

    private mutating func write(_ text: String) {
        self.append("\"")
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": self.append("\\\"")
            case "\\": self.append("\\\\")
            case "\u{08}": self.append("\\b")
            case "\u{0C}": self.append("\\f")
            case "\n": self.append("\\n")
            case "\r": self.append("\\r")
            case "\t": self.append("\\t")
            case " "..."~": self.output.append(UInt8(truncatingIfNeeded: scalar.value))
            default: for unit in scalar.utf16 { self.appendEscape(unit) }
            }
        }
        self.append("\"")
    }

    private mutating func appendEscape(_ unit: UInt16) {
        self.append("\\u")
        for position in 0...3 {
            let digit = UInt8(truncatingIfNeeded: unit >> (12 - 4 * position) & 0xF)
            self.output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    private mutating func append(_ text: String) {
        self.output.append(contentsOf: text.utf8)
    }
}
