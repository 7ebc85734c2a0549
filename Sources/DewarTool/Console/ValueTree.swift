// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The contents of a session as a tree that a person reads.
enum ValueTree {
    static func lines(_ entries: SessionDictionary, indent: String = "  ") -> [String] {
        HiddenEntries.hidden(entries).flatMap { Self.lines(Printable.text($0.key), $0.value, indent) }
    }

    private static func lines(_ name: String, _ value: SessionValue, _ indent: String) -> [String] {
        switch value {
        case .dictionary(let entries) where !entries.isEmpty:
            return ["\(indent)\(name):"]
                + entries.flatMap { Self.lines(Printable.text($0.key), $0.value, indent + "  ") }
        case .list(let items) where !items.isEmpty, .tuple(let items) where !items.isEmpty:
            return ["\(indent)\(name):"] + items.enumerated().flatMap { Self.lines("[\($0)]", $1, indent + "  ") }
        default: return ["\(indent)\(name): \(Self.text(value))"]
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
