// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes session values as some form of JSON; lists and dictionaries are walked in the same way for every form.
package protocol JSONWriter {
    associatedtype Failure: Error

    var output: [UInt8] { get set }
    /// The lists and dictionaries around the value that is being written.
    var containers: [OpenContainer] { get set }

    /// Writes a scalar, or the beginning of a list or dictionary, which it adds to `containers`.
    mutating func begin(_ value: SessionValue, depth: Int) throws(Failure)

    /// Writes text in quotes, as a value or as a key.
    mutating func write(_ text: String)
}

extension JSONWriter {
    /// Writes a value with everything inside it.
    ///
    /// - Parameter depth: How many lists and dictionaries stand around it.
    package mutating func writeAll(_ value: SessionValue, depth: Int = 0) throws(Failure) {
        try self.begin(value, depth: depth)
        while let last = self.containers.indices.last {
            let isFirst = self.containers[last].isAtStart
            guard let (key, value) = self.containers[last].next() else {
                self.append(self.containers.removeLast().ending)
                continue
            }
            if !isFirst { self.append(",") }
            if let key {
                self.write(key)
                self.append(":")
            }
            try self.begin(value, depth: self.containers[last].depth)
        }
    }

    package mutating func append(_ text: String) {
        self.output.append(contentsOf: text.utf8)
    }
}

/// The rest of a list or dictionary whose beginning has been written.
///
/// Writers keep the containers around the current value in an array. A recursive function would need a stack frame for
/// each level, and 400 levels overflow the small stacks of some threads.
package struct OpenContainer {
    private let items: [SessionValue]
    private let entries: [SessionDictionary.Element]
    private var index = 0
    /// The nesting depth of the values inside.
    package let depth: Int
    /// The text to write after the last value.
    package let ending: String

    package init(_ items: [SessionValue], depth: Int, ending: String = "") {
        (self.items, self.entries) = (items, [])
        (self.depth, self.ending) = (depth, ending)
    }

    package init(_ entries: [SessionDictionary.Element], depth: Int, ending: String = "") {
        (self.items, self.entries) = ([], entries)
        (self.depth, self.ending) = (depth, ending)
    }

    /// Whether `next` has given nothing yet.
    var isAtStart: Bool { self.index == 0 }

    /// The next item, or the next entry with its key; nil when there is none left.
    package mutating func next() -> (key: String?, value: SessionValue)? {
        defer { self.index += 1 }
        if self.index < self.items.count { return (nil, self.items[self.index]) }
        if self.index < self.entries.count { return (self.entries[self.index].key, self.entries[self.index].value) }
        return nil
    }
}

/// Writes session values as Flask's tagged JSON.
struct TaggedJSONWriter: JSONWriter {
    var output: [UInt8] = []

    var containers: [OpenContainer] = []

    /// Writes a dictionary with everything inside it, and copies what is there as text.
    mutating func writeSession(_ entries: SessionDictionary, depth: Int) throws(TaggedJSONError) {
        guard entries.onlyKey.flatMap(Tag.init(key:)) == nil else {
            return try self.writeAll(.dictionary(entries), depth: depth)
        }
        self.append("{")
        var isFirst = true
        for (key, entry) in entries.sortedEntries {
            if !isFirst { self.append(",") }
            isFirst = false
            self.write(key)
            self.append(":")
            switch entry {
            case .text(let text, _): self.output += text
            case .value(let value): try self.writeAll(value, depth: depth + 1)
            }
        }
        self.append("}")
    }

    /// Writes a scalar, or the beginning of a list or dictionary, which stays open.
    mutating func begin(_ value: SessionValue, depth: Int) throws(TaggedJSONError) {
        guard depth <= TaggedJSON.maximumDepth else { throw TaggedJSONError(.tooDeep) }
        switch value {
        case .null: self.append("null")
        case .bool(let value): self.append(value ? "true" : "false")
        case .int(let value): self.append(String(value))
        case .bigInteger(let value): self.append(value.description)
        case .double(let value): self.append(PythonFloat.json(value))
        case .string(let text): self.write(text)
        case .list(let items): self.begin(items, depth: depth)
        case .dictionary(let entries): try self.begin(entries, depth: depth)
        case .tuple(let items):
            try self.open(.tuple, depth: depth)
            self.begin(items, depth: depth + 1, ending: "]}")
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

    private mutating func begin(_ items: [SessionValue], depth: Int, ending: String = "]") {
        self.append("[")
        self.containers.append(OpenContainer(items, depth: depth + 1, ending: ending))
    }

    private mutating func begin(_ entries: SessionDictionary, depth: Int) throws(TaggedJSONError) {
        if entries.onlyKey.flatMap(Tag.init(key:)) != nil, let entry = entries.first(where: { _ in true }) {
            try self.open(.escapedDictionary, depth: depth)
            self.append("{")
            let escaped = [(key: entry.key + Tag.escape, value: entry.value)]
            self.containers.append(OpenContainer(escaped, depth: depth + 2, ending: "}}"))
            return
        }
        let sorted = entries.sortedEntries.map { (key: $0.key, value: $0.entry.value) }
        self.append("{")
        self.containers.append(OpenContainer(sorted, depth: depth + 1, ending: "}"))
    }

    /// Begins the object around a tagged value. To the reader it is one more level of nesting.
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

    mutating func write(_ text: String) {
        self.append("\"")
        defer { self.append("\"") }
        guard !text.utf8.allSatisfy(Self.isPlain) else { return self.append(text) }
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
    }

    /// Whether a byte of UTF-8 is written as it is.
    private static func isPlain(_ byte: UInt8) -> Bool {
        0x20...0x7E ~= byte && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func appendEscape(_ unit: UInt16) {
        self.append("\\u")
        for position in 0...3 {
            let digit = UInt8(truncatingIfNeeded: unit >> (12 - 4 * position) & 0xF)
            self.output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
