// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// None of these functions is recursive without a bound: 400 levels overflow the small stacks of some threads.

extension SessionValue: Hashable {
    /// Whether two values have the same kind and content; texts are compared by their bytes.
    public static func == (left: Self, right: Self) -> Bool {
        // The pairs that are still to be compared. Scalars add none, and the empty array takes no memory.
        var pairs: [(Self, Self)] = []
        guard Self.isSame(left, right, inside: &pairs) else { return false }
        while let (left, right) = pairs.popLast() {
            guard Self.isSame(left, right, inside: &pairs) else { return false }
        }
        return true
    }

    /// Whether two values are the same apart from the values inside them, which are added to `pairs`.
    private static func isSame(_ left: Self, _ right: Self, inside pairs: inout [(Self, Self)]) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.int(let left), .int(let right)): return left == right
        case (.bigInteger(let left), .bigInteger(let right)): return left == right
        case (.double(let left), .double(let right)): return Self.isSame(left, right)
        case (.string(let left), .string(let right)), (.markup(let left), .markup(let right)):
            return left.utf8.elementsEqual(right.utf8)
        case (.bytes(let left), .bytes(let right)): return left == right
        case (.date(let left), .date(let right)): return left == right
        case (.uuid(let left), .uuid(let right)): return left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            guard left.count == right.count else { return false }
            pairs += zip(left, right)
            return true
        case (.dictionary(let left), .dictionary(let right)): return left.hasKeys(of: right, inside: &pairs)
        default: return false
        }
    }

    /// Zero differs from minus zero, and NaN equals NaN, because equal values must be stored alike.
    private static func isSame(_ left: Double, _ right: Double) -> Bool {
        left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
    }

    /// Hashes the outermost levels of what `==` compares: values that differ only further inside have the same hash.
    public func hash(into hasher: inout Hasher) {
        self.hash(into: &hasher, levels: Self.hashedLevels)
    }

    private static let hashedLevels = 8

    package func hash(into hasher: inout Hasher, levels: Int) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .int(let value): hasher.combine(value)
        case .bigInteger(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value.isNaN ? Double.nan.bitPattern : value.bitPattern)
        case .string(let text), .markup(let text): text.utf8.forEach { hasher.combine($0) }
        case .bytes(let bytes): hasher.combine(bytes)
        case .date(let date): hasher.combine(date)
        case .uuid(let uuid): hasher.combine(uuid)
        case .list(let items), .tuple(let items):
            hasher.combine(items.count)
            if levels > 0 { for item in items { item.hash(into: &hasher, levels: levels - 1) } }
        case .dictionary(let entries): entries.hash(into: &hasher, levels: levels)
        }
    }
}

extension SessionDictionary: Hashable {
    /// Whether both have the same entries, in any order.
    public static func == (left: Self, right: Self) -> Bool {
        SessionValue.dictionary(left) == .dictionary(right)
    }

    /// Hashes the outermost levels of what `==` compares.
    public func hash(into hasher: inout Hasher) {
        SessionValue.dictionary(self).hash(into: &hasher)
    }
}

extension SessionValue: CustomStringConvertible {
    private enum Piece {
        case text(String)
        case value(SessionValue)
    }

    /// The value as text, as Python's `str()` gives it for text and numbers.
    public var description: String {
        guard let inside = self.pieces else { return self.plainText }
        var text = ""
        var left = Array(inside.reversed())
        while let piece = left.popLast() {
            switch piece {
            case .text(let piece): text += piece
            case .value(let value):
                if let inside = value.pieces { left += inside.reversed() } else { text += value.plainText }
            }
        }
        return text
    }

    /// One level of a list's or a dictionary's text; nil for a scalar.
    private var pieces: [Piece]? {
        switch self {
        case .list(let items): Self.pieces("[", items.map { (nil, $0) }, "]")
        case .tuple(let items): Self.pieces("(", items.map { (nil, $0) }, ")")
        case .dictionary(let entries): Self.pieces("{", entries.map { ($0.key, $0.value) }, "}")
        default: nil
        }
    }

    private static func pieces(_ start: String, _ parts: [(String?, SessionValue)], _ end: String) -> [Piece] {
        var pieces = [Piece.text(start)]
        for (index, (key, value)) in parts.enumerated() {
            pieces.append(.text((index > 0 ? ", " : "") + (key.map { "\($0): " } ?? "")))
            pieces.append(.value(value))
        }
        return pieces + [.text(end)]
    }

    private var plainText: String {
        switch self {
        case .null: "None"
        case .bool(let value): value ? "True" : "False"
        case .int(let value): String(value)
        case .bigInteger(let value): value.description
        case .double(let value): PythonFloat.text(value)
        case .string(let text), .markup(let text): text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .date(let date): HTTPDate.format(date) ?? String(date.timeIntervalSince1970)
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .list, .tuple, .dictionary: ""
        }
    }
}
