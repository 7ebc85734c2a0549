// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Small operations on header text that must not depend on locale or normalisation.

extension String {
    /// The text with ASCII letters in lower case and everything else as it is.
    var lowercasedASCII: String {
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        return String(decoding: self.utf8.map { capitals.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

extension BidirectionalCollection<Unicode.Scalar> {
    /// The scalars without white space at either end.
    var trimmingWhiteSpace: SubSequence {
        let tail = self.drop(while: \.isWhiteSpace)
        guard let last = tail.lastIndex(where: { !$0.isWhiteSpace }) else { return self[self.endIndex...] }
        return self[tail.startIndex...last]
    }
}

extension Unicode.Scalar {
    /// What Python's `str.strip` removes: Unicode's white space and the four ASCII separators.
    var isWhiteSpace: Bool {
        switch self.value {
        case 0x09...0x0D, 0x1C...0x20: true
        case 0x00...0x7F: false
        default: self.properties.isWhitespace
        }
    }
}
