// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// Where a run of scalars ends, for every start in one text.
///
/// The first answer scans, which is all that most paths need. The second one begins a table.
struct RunEnds {
    /// What ends a run.
    enum Stop {
        case slash, lineFeed, nonDigit
    }

    private let stop: Stop
    private var hasScanned = false
    /// The ends for the starts from the text's end backward.
    private var ends: [Int] = []

    init(_ stop: Stop) {
        self.stop = stop
    }

    /// The end of the run that starts where `bytes` do, which are the rest of the text.
    mutating func end(of bytes: ArraySlice<UInt8>) -> Int {
        guard self.hasScanned else {
            self.hasScanned = true
            return self.scan(bytes)
        }
        while self.ends.count <= bytes.count {
            let rest = bytes.suffix(self.ends.count)
            let end = self.width(rest).map { self.ends[rest.count - $0] }
            self.ends.append(end ?? rest.startIndex)
        }
        return self.ends[bytes.count]
    }

    private func scan(_ bytes: ArraySlice<UInt8>) -> Int {
        var end = bytes.startIndex
        while let width = self.width(bytes[end...]) { end += width }
        return end
    }

    /// The number of bytes with which `bytes` continue a run; nil where it ends.
    private func width(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let first = bytes.first else { return nil }
        switch self.stop {
        case .slash: return first == UInt8(ascii: "/") ? nil : 1
        case .lineFeed: return first == UInt8(ascii: "\n") ? nil : 1
        case .nonDigit: return Self.digitWidth(bytes, first)
        }
    }

    /// The number of bytes of the decimal digit, of any script, that `bytes` start with.
    private static func digitWidth(_ bytes: ArraySlice<UInt8>, _ first: UInt8) -> Int? {
        if first < 0x80 { return first.isASCIIDigit ? 1 : nil }
        guard !UTF8.isContinuation(first),
            let scalar = String(decoding: bytes.prefix(4), as: UTF8.self).unicodeScalars.first,
            scalar.properties.generalCategory == .decimalNumber
        else { return nil }
        return UTF8.width(scalar)
    }
}
