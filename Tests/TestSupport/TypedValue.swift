// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
public import Sessions

/// Reads the vectors' typed values.
public enum TypedValue {
    /// A value that a session in Swift cannot even be given: a set, or a dictionary whose keys are no texts.
    public struct Unrepresentable: Error {}

    public static func read(_ json: FixtureCase) throws -> SessionValue {
        switch json.text("type") {
        case "none": return .null
        case "bool": return .bool(json.flag("value") ?? false)
        case "int": return try Self.integer(json)
        case "float": return .double(Double(bitPattern: UInt64(json.text("bits") ?? "", radix: 16) ?? 0))
        case "str", "decimal": return .string(Self.text(json))
        case "markup": return .markup(Self.text(json))
        case "bytes": return .bytes(Data(base64Encoded: json.text("base64") ?? "").map(Array.init) ?? [])
        case "uuid": return try Self.uuid(json)
        case "datetime":
            return .date(try Self.date(json.text("value") ?? "", offset: json.number("utc_offset_seconds")))
        case "date":
            let midnight = try Self.date((json.text("value") ?? "") + "T00:00:00.000000", offset: nil)
            return .string(HTTPDate.format(midnight) ?? "")
        case "list": return .list(try json.list("items").map(Self.read))
        case "tuple": return .tuple(try json.list("items").map(Self.read))
        case "dict": return .dictionary(try Self.dictionary(json))
        default: throw Unrepresentable()
        }
    }

    /// A dictionary; keys that are no texts become the texts that Flask makes of them, if they can be sorted.
    public static func dictionary(_ json: FixtureCase) throws -> SessionDictionary {
        let entries = (json.fields["entries"] as? [[[String: Any]]] ?? []).map { pair in
            (key: FixtureCase(fields: pair[0]), value: FixtureCase(fields: pair[1]))
        }
        let kinds = Set(entries.map { Self.kind(ofKey: $0.key) })
        guard kinds.count <= 1, !kinds.contains("other") else { throw Unrepresentable() }
        return SessionDictionary(
            try entries.map { (key: try Self.key($0.key), value: try Self.read($0.value)) })
    }

    /// Whether some dictionary in the value has keys that are no texts, which Flask sorts before it makes texts of
    /// them.
    public static func hasOtherKeys(_ json: FixtureCase) -> Bool {
        let entries = json.fields["entries"] as? [[[String: Any]]] ?? []
        return entries.contains { pair in
            pair[0]["type"] as? String != "str" || Self.hasOtherKeys(FixtureCase(fields: pair[1]))
        } || json.list("items").contains(where: Self.hasOtherKeys)
    }

    // MARK: - Pieces

    private static func kind(ofKey json: FixtureCase) -> String {
        switch json.text("type") {
        case "str": "text"
        case "int", "float", "bool": "number"
        case "none": "null"
        default: "other"
        }
    }

    private static func key(_ json: FixtureCase) throws -> String {
        switch try Self.read(json) {
        case .string(let text): text
        case .bool(let value): value ? "true" : "false"
        case .null: "null"
        case let value: value.description
        }
    }

    private static func text(_ json: FixtureCase) -> String {
        if let text = json.text("value") { return text }
        let points = json.fields["code_points"] as? [Int] ?? []
        // Half a surrogate pair has no place in a Swift string; Dewar reads it as U+FFFD.
        return String(String.UnicodeScalarView(points.map { Unicode.Scalar(UInt32($0)) ?? "\u{FFFD}" }))
    }

    private static func integer(_ json: FixtureCase) throws -> SessionValue {
        let digits = json.text("value") ?? ""
        if let value = Int(digits) { return .int(value) }
        guard let value = BigInteger(digits) else { throw Unrepresentable() }
        return .bigInteger(value)
    }

    private static func uuid(_ json: FixtureCase) throws -> SessionValue {
        guard let uuid = UUID(uuidString: json.text("value") ?? "") else { throw Unrepresentable() }
        return .uuid(uuid)
    }

    /// `2024-01-02T03:04:05.000006` at an offset from UTC.
    private static func date(_ text: String, offset: Int?) throws -> Date {
        let numbers = text.split { "-T:.".contains($0) }.compactMap { Int($0) }
        guard numbers.count == 7 else { throw Unrepresentable() }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        let seconds = Self.days(year, month, day) * 86400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
        return Date(timeIntervalSince1970: Double(seconds - (offset ?? 0)) + Double(numbers[6]) / 1e6)
    }

    /// Days from 1970-01-01 in the proleptic Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let before = (year - 1) * 365 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return before + lengths.prefix(month - 1).reduce(0, +) + day - 1 - 719_162
    }
}
