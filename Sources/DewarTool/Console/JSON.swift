// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The output of `--json`. The keys stay in their order; a key whose value is nil is there with `null`.
enum JSON {
    case null
    case bool(Bool)
    case int(Int)
    case string(String)
    case array([JSON])
    case object(KeyValuePairs<String, JSON>)
    /// The contents of a session, in Flask's tagged JSON: what JSON has no word for is an object with one key that
    /// begins with a space.
    case contents(SessionDictionary)

    static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
    static func date(_ date: Date?) -> JSON { .text(date.map(Timestamp.text)) }

    /// The value on one line, in ASCII.
    var line: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let number): String(number)
        case .string(let text): Self.encoded(.string(text))
        case .array(let items): "[" + items.map(\.line).joined(separator: ", ") + "]"
        case .object(let entries):
            "{" + entries.map { "\(Self.encoded(.string($0.key))): \($0.value.line)" }.joined(separator: ", ") + "}"
        case .contents(let values): Self.encoded(.dictionary(values))
        }
    }

    /// What cannot be encoded is contents that are nested too deeply, and such contents are never read either.
    private static func encoded(_ value: SessionValue) -> String {
        (try? TaggedJSON.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}
