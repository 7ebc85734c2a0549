// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Sixteen bytes as two words: half the size of an array, without an allocation, and quicker to hash.
struct TwoWords: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// The first sixteen bytes.
    init(_ bytes: some Collection<UInt8>) {
        self.high = BigEndian.number(bytes.prefix(8))
        self.low = BigEndian.number(bytes.dropFirst(8).prefix(8))
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: self.high)
        bytes.append(bigEndian: self.low)
        return bytes
    }
}
