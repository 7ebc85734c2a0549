// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Whole numbers as bytes, the most significant first.
@usableFromInline package enum BigEndian {
    /// The eight bytes of a number, a negative one in two's complement.
    package static func bytes(_ number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt64(bitPattern: Int64(number)))
        return bytes
    }

    /// The fewest bytes that hold the number: none for zero.
    package static func shortestBytes(_ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: number, width: (UInt64.bitWidth - number.leadingZeroBitCount + 7) / 8)
        return bytes
    }

    /// The number that the bytes encode; of more than eight bytes only the last eight count.
    @inlinable
    package static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The number that eight bytes encode, a negative one in two's complement; nil for another count of bytes.
    @inlinable
    package static func integer(_ bytes: some Collection<UInt8>) -> Int? {
        guard bytes.count == 8 else { return nil }
        return Int(exactly: Int64(bitPattern: Self.number(bytes)))
    }
}

extension [UInt8] {
    /// Appends the lowest `width` bytes of a number, at most eight, the most significant first.
    @inlinable
    package mutating func append(bigEndian number: UInt64, width: Int = 8) {
        precondition((0...8).contains(width), "a number has eight bytes")
        // The number has eight bytes, which are copied within the call. Byte by byte it takes 32 ns and not 11, and a record
        // has twelve numbers.
        unsafe Swift.withUnsafeBytes(of: number.bigEndian) { bytes in
            unsafe self.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.suffix(width)))
        }
    }
}

/// Sixteen bytes as two words: half the size of an array, without an allocation, and quicker to hash.
@usableFromInline package struct TwoWords: Hashable, Sendable {
    @usableFromInline package let high: UInt64
    @usableFromInline package let low: UInt64

    /// The first sixteen bytes.
    @inlinable
    package init(_ bytes: some Collection<UInt8>) {
        self.high = BigEndian.number(bytes.prefix(8))
        self.low = BigEndian.number(bytes.dropFirst(8).prefix(8))
    }

    package var bytes: [UInt8] {
        // Two numbers of eight bytes stand one after the other, and their bytes are copied within the call.
        unsafe withUnsafeBytes(of: (self.high.bigEndian, self.low.bigEndian)) { unsafe Array($0) }
    }
}

extension TwoWords: Comparable {
    @inlinable
    package static func < (one: TwoWords, other: TwoWords) -> Bool {
        (one.high, one.low) < (other.high, other.low)
    }
}
