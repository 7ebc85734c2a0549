// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Where the Unicode scalars of one text start, so that any number of them is passed over in one step.
struct ScalarIndices {
    /// How many scalars there are from each index on, from the text's end backward.
    private var counts: [Int] = []
    /// The index from which as many scalars are left.
    private var starts: [Int] = []

    /// The index after `count` scalars of `bytes`, which are the rest of the text; nil when there are fewer.
    mutating func index(after count: Int, in bytes: ArraySlice<UInt8>) -> Int? {
        guard count > 0 else { return bytes.startIndex }
        guard count > 1 else {
            // What most variables ask for needs no table.
            return bytes.isEmpty ? nil : bytes.dropFirst().firstIndex { !UTF8.isContinuation($0) } ?? bytes.endIndex
        }
        self.extend(to: bytes)
        let left = self.counts[bytes.count]
        return left >= count ? self.starts[left - count] : nil
    }

    private mutating func extend(to bytes: ArraySlice<UInt8>) {
        if self.starts.isEmpty { (self.counts, self.starts) = ([0], [bytes.endIndex]) }
        while self.counts.count <= bytes.count {
            let index = bytes.endIndex - self.counts.count
            if !UTF8.isContinuation(bytes[index]) { self.starts.append(index) }
            self.counts.append(self.starts.count - 1)
        }
    }
}
