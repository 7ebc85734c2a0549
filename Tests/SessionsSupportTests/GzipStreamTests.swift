// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsSupport
import Testing

/// gzip, a part at a time. What real clients read of it is in Tests/Interop.
@Suite struct GzipStreamTests {
    @Test(arguments: [0, 1, 511, 512, 513, 100_000])
    func aStreamHasABeginningAndAnEnd(size: Int) throws {
        let stream = try #require(GzipStream())
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            output += try #require(stream.compress(Array(rest.prefix(1000))))
            rest = rest.dropFirst(1000)
        }
        output += try #require(stream.compress([], .finish))
        #expect(output.starts(with: [0x1F, 0x8B, 8]))
        // The trailer: the length, little-endian.
        #expect(output.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) } == size)
        #expect(stream.compress([1]) == nil)
    }

    @Test func whatIsFlushedIsAllThere() throws {
        let stream = try #require(GzipStream())
        #expect(try #require(stream.compress(Array("event".utf8))).count <= 10)
        let flushed = try #require(stream.compress([], .sync))
        #expect(flushed.suffix(4) == [0, 0, 0xFF, 0xFF])
        #expect(try #require(stream.compress([], .sync)).isEmpty)
    }
}
