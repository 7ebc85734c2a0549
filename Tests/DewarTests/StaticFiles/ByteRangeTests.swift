// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

/// `Range` fields, for a file of 11 bytes.
@Suite struct ByteRangeTests {
    private static let huge = String(repeating: "9", count: 40)
    private static let parts: [(field: String, range: Range<Int>)] = [
        ("bytes=0-4", 0..<5), ("bytes=0-0", 0..<1), ("bytes=0-", 0..<11), ("bytes=10-", 10..<11),
        ("bytes=0-10", 0..<11),
        ("bytes=0-11", 0..<11), ("bytes=3-\(huge)", 3..<11), ("bytes=-1", 10..<11), ("bytes=-11", 0..<11),
        ("bytes=-12", 0..<11), ("bytes=-\(huge)", 0..<11), ("BYTES=0-4", 0..<5), ("bytes= 0-4\t", 0..<5),
        ("bytes=,0-4,", 0..<5), ("bytes=000-004", 0..<5),
    ]

    @Test(arguments: parts)
    func aPartIsRead(field: String, range: Range<Int>) {
        #expect(ByteRange([field], size: 11) == .part(range))
    }

    @Test(arguments: [
        "bytes=11-", "bytes=11-12", "bytes=20-30", "bytes=\(huge)-", "bytes=\(huge)-\(huge)", "bytes=-0", "bytes=5-4",
        "bytes=12-3",
    ])
    func whatTheFileDoesNotHaveIsRefused(field: String) {
        #expect(ByteRange([field], size: 11) == .unsatisfiable)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=-", "bytes=,", "bytes=0", "bytes=a-b", "bytes=0-4-5", "bytes=--4", "bytes=+0-4",
        "bytes=0 -4", "bytes=0- 4", "bytes=0-4 5", "bytes=0x0-4", "bytes=٠-٤", "lines=0-1", "bytes =0-4", "=0-4",
        "bytes=0-1,3-4", "bytes=0-1,-1",
    ])
    func whatIsNotOneRangeOfBytesIsIgnored(field: String) {
        #expect(ByteRange([field], size: 11) == .whole)
    }

    @Test func severalLinesAreSeveralRanges() {
        #expect(ByteRange([], size: 11) == .whole)
        #expect(ByteRange(["bytes=0-1", "bytes=0-1"], size: 11) == .whole)
    }

    @Test(arguments: ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=5-"])
    func anEmptyFileHasNoParts(field: String) {
        #expect(ByteRange([field], size: 0) == .whole)
    }
}
