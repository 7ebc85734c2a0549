// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The text that a converter takes, before any limits on its value.
///
/// Two variables with the same grammar are one branch of the route trie, whatever their names and limits.
enum ConverterGrammar: Hashable, Sendable {
    /// So many Unicode scalars other than a slash.
    case text(minimum: Int, maximum: Int?)
    /// One of these texts, the earlier preferred.
    case any([[UInt8]])
    /// Anything that does not start with a slash; after the first scalar no line feed, as in Werkzeug.
    case path
    /// Decimal digits of any script, perhaps after a minus sign.
    case integer(signed: Bool)
    /// Digits, a point and digits, perhaps after a minus sign.
    case float(signed: Bool)
    /// Thirty-two hex digits in five groups.
    case uuid

    var matchesSlashes: Bool { self == .path }

    /// Whether all of `bytes` (valid UTF-8) is one such text.
    func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .text(let minimum, let maximum):
            guard !bytes.contains(UInt8(ascii: "/")) else { return false }
            let count = bytes.count(where: { !UTF8.isContinuation($0) })
            return count >= minimum && count <= maximum ?? .max
        case .path:
            guard let first = bytes.first, first != UInt8(ascii: "/") else { return false }
            return !bytes.dropFirst().contains(UInt8(ascii: "\n"))
        case .any(let items):
            return items.contains { bytes.elementsEqual($0) }
        case .integer, .float, .uuid:
            return self.ends(in: bytes).first == bytes.endIndex
        }
    }

    /// Where such a text from the start of `bytes` can end, the preferred end first.
    func ends(in bytes: ArraySlice<UInt8>) -> [Int] {
        switch self {
        case .text(let minimum, let maximum):
            Self.scalarEnds(in: bytes.prefix { $0 != UInt8(ascii: "/") }, upTo: maximum ?? .max)
                .dropFirst(minimum).reversed()
        case .any(let items):
            items.filter { bytes.starts(with: $0) }.map { bytes.startIndex + $0.count }
        case .path:
            Self.pathEnds(in: bytes)
        case .integer(let signed):
            Self.digitEnds(in: Self.afterSign(bytes, signed)).reversed()
        case .float(let signed):
            Self.floatEnds(in: Self.afterSign(bytes, signed))
        case .uuid:
            Self.startsWithUUID(bytes) ? [bytes.startIndex + 36] : []
        }
    }

    private static func pathEnds(in bytes: ArraySlice<UInt8>) -> [Int] {
        guard let first = bytes.first, first != UInt8(ascii: "/") else { return [] }
        let line = bytes.dropFirst().firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
        return Array(Self.scalarEnds(in: bytes[..<line], upTo: .max).dropFirst())
    }

    /// The start, and the end of each of the first `count` scalars.
    private static func scalarEnds(in bytes: ArraySlice<UInt8>, upTo count: Int) -> [Int] {
        var ends = [bytes.startIndex]
        var index = bytes.startIndex
        while index < bytes.endIndex, ends.count - 1 < count {
            repeat { index += 1 } while index < bytes.endIndex && UTF8.isContinuation(bytes[index])
            ends.append(index)
        }
        return ends
    }

    private static func afterSign(_ bytes: ArraySlice<UInt8>, _ signed: Bool) -> ArraySlice<UInt8> {
        signed && bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes
    }

    /// The end of each decimal digit that `bytes` starts with.
    private static func digitEnds(in bytes: ArraySlice<UInt8>) -> [Int] {
        var ends: [Int] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] < 0x80 {
                guard bytes[index] >= UInt8(ascii: "0"), bytes[index] <= UInt8(ascii: "9") else { break }
                index += 1
            } else {
                let scalar = String(decoding: bytes[index...].prefix(4), as: UTF8.self).unicodeScalars.first
                guard let scalar, scalar.properties.generalCategory == .decimalNumber else { break }
                index += UTF8.width(scalar)
            }
            ends.append(index)
        }
        return ends
    }

    private static func floatEnds(in bytes: ArraySlice<UInt8>) -> [Int] {
        guard let point = Self.digitEnds(in: bytes).last, point < bytes.endIndex, bytes[point] == UInt8(ascii: ".")
        else { return [] }
        return Self.digitEnds(in: bytes[(point + 1)...]).reversed()
    }

    private static func startsWithUUID(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count >= 36 else { return false }
        return zip(0..<36, bytes).allSatisfy { offset, byte in
            switch offset {
            case 8, 13, 18, 23: byte == UInt8(ascii: "-")
            default: PercentEncoding.hexValue(byte) != nil
            }
        }
    }
}
