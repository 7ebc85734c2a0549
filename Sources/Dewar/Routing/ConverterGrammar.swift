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
        var stops = TextStops()
        return self.matches(bytes, stops: &stops)
    }

    /// The same for one of several places where a match may start.
    ///
    /// All calls with the same `stops` must be about the same text, of which `bytes` are the rest.
    func matches(_ bytes: ArraySlice<UInt8>, stops: inout TextStops) -> Bool {
        if case .any(let items) = self { return items.contains { bytes.elementsEqual($0) } }
        return self.end(in: bytes, stops: &stops)?.range.upperBound == bytes.endIndex
    }

    /// Where a match from the start of `bytes` can end, in order of preference; `stops` as above.
    func ends(in bytes: ArraySlice<UInt8>, stops: inout TextStops) -> [Ends] {
        guard case .any(let items) = self else { return self.end(in: bytes, stops: &stops).map { [$0] } ?? [] }
        return items.filter { bytes.starts(with: $0) }.map { item in
            Ends(range: (bytes.startIndex + item.count)...(bytes.startIndex + item.count))
        }
    }

    /// The one range of ends that all grammars but `any` have.
    private func end(in bytes: ArraySlice<UInt8>, stops: inout TextStops) -> Ends? {
        switch self {
        case .text(let minimum, let maximum): Self.textEnds(in: bytes, minimum, maximum, &stops)
        case .path: Self.pathEnds(in: bytes, &stops)
        case .integer(let signed): Self.digitEnds(in: Self.afterSign(bytes, signed), &stops)
        case .float(let signed): Self.floatEnds(in: Self.afterSign(bytes, signed), &stops)
        case .uuid: Self.uuidEnds(in: bytes)
        case .any: nil
        }
    }

    private static func textEnds(
        in bytes: ArraySlice<UInt8>, _ minimum: Int, _ maximum: Int?, _ stops: inout TextStops
    ) -> Ends? {
        let end = stops.slash(in: bytes)
        guard let low = stops.index(after: minimum, in: bytes), low <= end else { return nil }
        let high = maximum.flatMap { stops.index(after: $0, in: bytes) } ?? end
        return Ends(range: low...min(high, end))
    }

    private static func pathEnds(in bytes: ArraySlice<UInt8>, _ stops: inout TextStops) -> Ends? {
        guard bytes.first != UInt8(ascii: "/"), let low = stops.index(after: 1, in: bytes) else { return nil }
        let high = stops.lineFeed(in: bytes[low...])
        return Ends(range: low...high, prefersLongest: false)
    }

    private static func floatEnds(in bytes: ArraySlice<UInt8>, _ stops: inout TextStops) -> Ends? {
        guard let point = Self.digitEnds(in: bytes, &stops)?.range.upperBound,
            bytes[point...].first == UInt8(ascii: ".")
        else { return nil }
        return Self.digitEnds(in: bytes[(point + 1)...], &stops)
    }

    private static func digitEnds(in bytes: ArraySlice<UInt8>, _ stops: inout TextStops) -> Ends? {
        let high = stops.nonDigit(in: bytes)
        guard high > bytes.startIndex, let low = stops.index(after: 1, in: bytes) else { return nil }
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

    private static func afterSign(_ bytes: ArraySlice<UInt8>, _ signed: Bool) -> ArraySlice<UInt8> {
        signed && bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes
    }
}
