// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A session's id as two words: half the size of an array, and quicker to hash.
struct MemoryKey: Hashable {
    private let high: UInt64
    private let low: UInt64

    init(_ id: SessionID) {
        var words: (UInt64, UInt64) = (0, 0)
        for byte in id.bytes {
            words = (words.0 << 8 | words.1 >> 56, words.1 << 8 | UInt64(byte))
        }
        (self.high, self.low) = words
    }
}
