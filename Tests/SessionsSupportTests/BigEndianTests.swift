// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Sessions
@testable import SessionsSupport

@Suite struct BigEndianTests {
    @Test(
        arguments: [
            (0, [0, 0, 0, 0, 0, 0, 0, 0]), (1, [0, 0, 0, 0, 0, 0, 0, 1]), (-1, [UInt8](repeating: 255, count: 8)),
            (0x0102_0304_0506_0708, [1, 2, 3, 4, 5, 6, 7, 8]), (Int.min, [128, 0, 0, 0, 0, 0, 0, 0]),
        ] as [(Int, [UInt8])])
    func anIntegerIsEightBytesWithTheHighestFirst(number: Int, bytes: [UInt8]) {
        #expect(BigEndian.bytes(number) == bytes)
        #expect(BigEndian.integer(bytes) == number)
        #expect(BigEndian.number(bytes) == UInt64(bitPattern: Int64(number)))
    }

    @Test func anIntegerIsNotReadFromFewerOrMoreBytes() {
        for count in [0, 7, 9] { #expect(BigEndian.integer([UInt8](repeating: 1, count: count)) == nil) }
    }

    @Test func aWidthTakesTheLastBytes() {
        var bytes: [UInt8] = [9]
        bytes.append(bigEndian: 0x0102_0304_0506, width: 5)
        #expect(bytes == [9, 2, 3, 4, 5, 6])
        #expect(BigEndian.number(bytes.dropFirst()) == 0x0203_0405_06)
    }

    @Test(
        arguments: [
            (0, []), (1, [1]), (255, [255]), (256, [1, 0]), (0x6A80_0000, [0x6A, 0x80, 0, 0]),
            (.max, [UInt8](repeating: 255, count: 8)),
        ] as [(UInt64, [UInt8])])
    func theShortestBytesHaveNoLeadingZero(number: UInt64, bytes: [UInt8]) {
        #expect(BigEndian.shortestBytes(number) == bytes)
        #expect(BigEndian.number(bytes) == number)
    }
}
