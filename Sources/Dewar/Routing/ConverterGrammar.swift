// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The text that a converter takes, before any limits on its value.
///
/// Two variables with the same grammar are one branch of the route trie, whatever their names and limits.
enum ConverterGrammar: Hashable, Sendable {
    /// From `minimum` to `maximum` Unicode scalars other than a slash.
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

    /// Where a match can end: at every scalar boundary in `range`, the longest or the shortest match preferred.
    struct Ends {
        let range: ClosedRange<Int>
        var prefersLongest = true
    }

    var matchesSlashes: Bool { self == .path }

    /// Whether all of `bytes` (valid UTF-8) is one such text.
    func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .text(let minimum, let maximum):
            guard !bytes.contains(UInt8(ascii: "/")) else { return false }
            let count = bytes.count(where: { !UTF8.isContinuation($0) })
            return count >= minimum && count <= maximum ?? .max
        case .any(let items):
            return items.contains { bytes.elementsEqual($0) }
        case .path, .integer, .float, .uuid:
            var stops = TextStops()
            return self.ends(in: bytes, stops: &stops).first?.range.upperBound == bytes.endIndex
        }
    }

    /// Where a match from the start of `bytes` can end, in order of preference.
    ///
    /// All calls with the same `stops` must be about the same text.
    func ends(in bytes: ArraySlice<UInt8>, stops: inout TextStops) -> [Ends] {
        let ends: Ends? =
            switch self {
            case .text(let minimum, let maximum): Self.textEnds(in: bytes, minimum, maximum, &stops)
            case .path: Self.pathEnds(in: bytes, &stops)
            case .integer(let signed): Self.digitEnds(in: Self.afterSign(bytes, signed))
            case .float(let signed): Self.floatEnds(in: Self.afterSign(bytes, signed))
            case .uuid: Self.uuidEnds(in: bytes)
            case .any: nil
            }
        if case .any(let items) = self {
            return items.filter { bytes.starts(with: $0) }.map { item in
                Ends(range: (bytes.startIndex + item.count)...(bytes.startIndex + item.count))
            }
        }
        return ends.map { [$0] } ?? []
    }

    private static func textEnds(
        in bytes: ArraySlice<UInt8>, _ minimum: Int, _ maximum: Int?, _ stops: inout TextStops
    ) -> Ends? {
        let run = bytes[..<stops.slash(in: bytes)]
        guard let low = Self.index(after: minimum, in: run) else { return nil }
        let high = maximum.map { Self.index(after: $0, in: run) ?? run.endIndex } ?? run.endIndex
        return Ends(range: low...high)
    }

    private static func pathEnds(in bytes: ArraySlice<UInt8>, _ stops: inout TextStops) -> Ends? {
        guard bytes.first != UInt8(ascii: "/"), let low = Self.index(after: 1, in: bytes) else { return nil }
        let high = stops.lineFeed(in: bytes[low...])
        return Ends(range: low...high, prefersLongest: false)
    }

    private static func floatEnds(in bytes: ArraySlice<UInt8>) -> Ends? {
        guard let point = Self.digitEnds(in: bytes)?.range.upperBound, bytes[point...].first == UInt8(ascii: ".")
        else { return nil }
        return Self.digitEnds(in: bytes[(point + 1)...])
    }

    private static func digitEnds(in bytes: ArraySlice<UInt8>) -> Ends? {
        guard let first = Self.digitWidth(bytes) else { return nil }
        let low = bytes.startIndex + first
        var high = low
        while let width = Self.digitWidth(bytes[high...]) { high += width }
        return Ends(range: low...high)
    }

    private static func uuidEnds(in bytes: ArraySlice<UInt8>) -> Ends? {
        guard bytes.count >= 36 else { return nil }
        for (offset, byte) in bytes.prefix(36).enumerated() {
            switch offset {
            case 8, 13, 18, 23: guard byte == UInt8(ascii: "-") else { return nil }
            default: guard PercentEncoding.hexValue(byte) != nil else { return nil }
            }
        }
        return Ends(range: (bytes.startIndex + 36)...(bytes.startIndex + 36))
    }

    /// The index after `count` scalars, nil when there are fewer.
    private static func index(after count: Int, in bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        for _ in 0..<count {
            guard index < bytes.endIndex else { return nil }
            repeat { index += 1 } while index < bytes.endIndex && UTF8.isContinuation(bytes[index])
        }
        return index
    }

    private static func afterSign(_ bytes: ArraySlice<UInt8>, _ signed: Bool) -> ArraySlice<UInt8> {
        signed && bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes
    }

    /// The number of bytes of the decimal digit that `bytes` starts with.
    private static func digitWidth(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return nil }
        if first < 0x80 { return first >= UInt8(ascii: "0") && first <= UInt8(ascii: "9") ? 1 : nil }
        let scalar = String(decoding: bytes.prefix(4), as: UTF8.self).unicodeScalars.first
        guard let scalar, scalar.properties.generalCategory == .decimalNumber else { return nil }
        return UTF8.width(scalar)
    }
}
