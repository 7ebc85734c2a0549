// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The contents of a session as a tree that a person reads.
///
/// It is bounded: a cookie of 2 kB may hold a hundred thousand values under 400 levels, and each of their lines would
/// begin with a space or two for every level.
struct ValueTree {
    private var lines: [String] = []
    private var isCut = false

    static let maximumLines = 2000
    static let maximumLevels = 32

    static func lines(_ entries: SessionDictionary) -> [String] {
        var tree = ValueTree()
        tree.add(HiddenEntries.hidden(entries), level: 1)
        guard tree.isCut else { return tree.lines }
        return tree.lines + ["  … only the first \(Printable.count(Self.maximumLines)) lines; --json shows all"]
    }

    private mutating func add(_ entries: SessionDictionary, level: Int) {
        for (key, value) in entries where !self.isCut { self.add(Printable.text(key), value, level) }
    }

    private mutating func add(_ items: [SessionValue], level: Int) {
        for (index, item) in items.enumerated() where !self.isCut { self.add("[\(index)]", item, level) }
    }

    private mutating func add(_ name: String, _ value: SessionValue, _ level: Int) {
        guard self.lines.count < Self.maximumLines else {
            self.isCut = true
            return
        }
        let start = String(repeating: "  ", count: level) + name + ":"
        let isDeepest = level == Self.maximumLevels
        switch value {
        case .dictionary(let entries) where !entries.isEmpty && isDeepest:
            self.lines.append("\(start) {…} (\(Printable.count(entries.count, "value")))")
        case .list(let items) where !items.isEmpty && isDeepest, .tuple(let items) where !items.isEmpty && isDeepest:
            self.lines.append("\(start) […] (\(Printable.count(items.count, "value")))")
        case .dictionary(let entries) where !entries.isEmpty:
            self.lines.append(start)
            self.add(entries, level: level + 1)
        case .list(let items) where !items.isEmpty, .tuple(let items) where !items.isEmpty:
            self.lines.append(start)
            self.add(items, level: level + 1)
        default: self.lines.append("\(start) \(Self.text(value))")
        }
    }

    private static func text(_ value: SessionValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let number): "\(number)"
        case .bigInteger(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "\"\(Printable.text(text))\""
        case .markup(let text): "\"\(Printable.text(text))\" (HTML)"
        case .bytes(let bytes): "\(Hex.text(bytes.prefix(32)))\(bytes.count > 32 ? "…" : "") (\(bytes.count) bytes)"
        case .date(let date): Timestamp.text(date)
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .list: "[]"
        case .tuple: "()"
        case .dictionary: "{}"
        }
    }
}

/// Entries that are secrets of the library's own.
enum HiddenEntries {
    /// The secret behind the tokens of forms.
    private static let keys = ["_csrf"]

    static func hidden(_ entries: SessionDictionary) -> SessionDictionary {
        var shown = entries
        for key in Self.keys where shown[key] != nil { shown[key] = "(hidden)" }
        return shown
    }
}
