// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Finds every occurrence of a byte string, overlapping ones too, always in time linear in the length of the text.
///
/// This is the algorithm of Knuth, Morris and Pratt. The naive search would let a client that sends almost-boundaries
/// make the server compare the whole boundary at every byte.
struct ByteSearch: Sendable {
    let pattern: [UInt8]

    /// For each prefix of the pattern, the length of its longest proper border.
    private let borders: [Int]

    /// A search for `pattern`, which must not be empty.
    init(_ pattern: [UInt8]) {
        var borders = [Int](repeating: 0, count: pattern.count)
        var length = 0
        for index in pattern.indices.dropFirst() {
            while length > 0, pattern[index] != pattern[length] { length = borders[length - 1] }
            if pattern[index] == pattern[length] { length += 1 }
            borders[index] = length
        }
        self.pattern = pattern
        self.borders = borders
    }

    /// The end of the first occurrence that begins at `start` or later and that `accept` allows.
    ///
    /// `accept` is called once for each occurrence, with the position just behind it.
    func firstEnd(in text: [UInt8], from start: Int, where accept: (Int) -> Bool) -> Int? {
        var length = 0
        for index in start..<text.count {
            let byte = text[index]
            while length > 0, byte != self.pattern[length] { length = self.borders[length - 1] }
            guard byte == self.pattern[length] else { continue }
            length += 1
            guard length == self.pattern.count else { continue }
            if accept(index + 1) { return index + 1 }
            length = self.borders[length - 1]
        }
        return nil
    }
}
