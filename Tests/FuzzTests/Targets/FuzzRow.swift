// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// The values of a row's columns, in the order that both tables have: from the id to the name of the device.
struct FuzzRow {
    enum Value: Equatable {
        case null
        case integer(Int)
        case bytes([UInt8])
        case text(String)
        case real(Double)
    }

    static let user = 13
    /// When the session ends, which a record does not have: it follows from others.
    static let expiry = 12

    private static let numbers: Set = [3, 4, 6, 7, 8, 9, 10, 11, 12]
    private static let times: Set = [3, 6, 7, 8, 9, 11]
    private static let texts: Set = [13, 14]
    private static let optional: Set = [2, 3, 8, 11, 12, 13, 14]

    var values: [Value]

    /// A row that a store has written, in which the input changes columns: a byte says which, and what follows, to what.
    init(_ input: [UInt8]) {
        let now = FuzzSetting.now * 1000
        self.values = [
            .bytes(FuzzSetting.id.bytes), .bytes([UInt8](repeating: 2, count: 32)), .null, .null, .integer(1),
            .bytes(Array("\u{1}{}".utf8)), .integer(now), .integer(now), .null, .integer(now), .integer(3_600_000),
            .null, .integer(now + 3_600_000), .null, .null,
        ]
        var script = FuzzScript(input)
        while !script.isAtEnd {
            let column = script.number() % self.values.count
            self.values[column] = Self.value(&script)
        }
    }

    /// The row of a record.
    init(_ record: SessionRecord) {
        func time(_ date: Date?) -> Value { date.map { Value.integer($0.milliseconds) } ?? .null }
        func text(_ text: String?) -> Value { text.map { Value.bytes(Array($0.utf8)) } ?? .null }
        let previous = record.previousSecretHash.map { Value.bytes($0) } ?? .null
        self.values = [
            .bytes(record.id.bytes), .bytes(record.secretHash), previous, time(record.graceEnd),
            .integer(record.version), .bytes(record.contents), time(record.createdAt), time(record.renewedAt),
            time(record.authenticatedAt), time(record.lastUsedAt), .integer(record.idleTimeout.milliseconds),
            time(record.absoluteEnd), time(record.expiresAt), text(record.user), text(record.deviceLabel),
        ]
    }

    static func isNumber(_ column: Int) -> Bool { Self.numbers.contains(column) }

    /// Whether each value is of its column's type, or missing.
    var isTyped: Bool {
        self.values.enumerated().allSatisfy { column, value in
            switch value {
            case .null: true
            case .integer: Self.isNumber(column)
            case .bytes: !Self.isNumber(column)
            case .text, .real: false
            }
        }
    }

    /// Whether a store may have written it; the end aside.
    var isRecord: Bool {
        self.isTyped
            && self.values.enumerated().allSatisfy { column, value in
                switch value {
                case .null: Self.optional.contains(column)
                case .integer(let number): !Self.times.contains(column) || number.magnitude <= 1 << 53
                case .bytes(let bytes): column == 0 ? bytes.count == 16 : Self.isText(bytes, in: column)
                case .text, .real: false
                }
            }
    }

    /// Whether a record has these values; the end aside, and times of which no ``Date`` is exact.
    func isRead(as record: SessionRecord) -> Bool {
        let read = FuzzRow(record).values
        return self.values.indices.allSatisfy { column in
            if column == Self.expiry { return true }
            if Self.times.contains(column), case .integer(let time) = self.values[column], time.magnitude >= 1 << 48 {
                return true
            }
            return read[column] == self.values[column]
        }
    }

    /// Whether the bytes are UTF-8, if they must be: what is not comes out of ``String`` as other bytes.
    private static func isText(_ bytes: [UInt8], in column: Int) -> Bool {
        !Self.texts.contains(column) || Array(bytes.text.utf8) == bytes
    }

    private static func value(_ script: inout FuzzScript) -> Value {
        switch script.number() % 8 {
        case 0: return .null
        case 1, 2: return .bytes(script.bytes())
        case 3: return .bytes([UInt8](repeating: 0x5A, count: script.number() % 34))
        case 4: return .integer(script.bytes().reduce(0) { $0 << 8 | Int($1) })
        case 5: return .integer(Self.edges[script.number() % Self.edges.count])
        case 6: return .text(script.bytes().text)
        default: return .real(Double(script.number()) / 2)
        }
    }

    private static let edges: [Int] = [
        Int.min, Int.max, -1, 0, Int.max - 1, 1 << 53, -(1 << 53), 1 << 53 + 1, -(1 << 53) - 1, 1 << 47, -(1 << 47),
        FuzzSetting.now * 1000 + 1, 1 << 62, -(1 << 62),
    ]
}
