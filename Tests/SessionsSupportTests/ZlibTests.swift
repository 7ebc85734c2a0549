// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import Testing

@testable import Sessions
@testable import SessionsSupport

/// Compressed payloads: what Python reads is read, and a bomb does not go off.
@Suite struct ZlibTests {
    private static let limit = TokenPayload.maximumInflatedSize

    @Test func whatIsCompressedComesBack() throws {
        var generator = SeededGenerator(seed: 1)
        for count in [0, 1, 2, 255, 256, 257, 1000, 100_000] {
            for isRandom in [true, false] {
                let bytes = (0..<count).map { _ in isRandom ? UInt8.random(in: 0...255, using: &generator) : 7 }
                let compressed = try #require(Zlib.compress(bytes))
                #expect(Zlib.decompress(compressed, limit: Self.limit) == bytes)
            }
        }
    }

    @Test func theLimitIsToTheByte() throws {
        let compressed = try #require(Zlib.compress([UInt8](repeating: 0, count: 5000)))
        #expect(Zlib.decompress(compressed, limit: 5000)?.count == 5000)
        #expect(Zlib.decompress(compressed, limit: 4999) == nil)
        #expect(Zlib.decompress(compressed, limit: 0) == nil)
    }

    @Test func aBombOfAFewKilobytesIsRefused() throws {
        let bomb = try #require(Zlib.compress([UInt8](repeating: UInt8(ascii: " "), count: 4_000_000)))
        #expect(bomb.count < 4096)
        #expect(Zlib.decompress(bomb, limit: Self.limit) == nil)
    }

    @Test func aDamagedStreamIsRefused() throws {
        let bytes = Array(String(repeating: "hello, world; ", count: 40).utf8)
        let compressed = try #require(Zlib.compress(bytes))
        for length in 0..<compressed.count {
            #expect(Zlib.decompress(Array(compressed.prefix(length)), limit: Self.limit) == nil)
        }
        for position in compressed.indices {
            for bit in 0..<8 {
                var altered = compressed
                altered[position] ^= 1 << UInt8(bit)
                // Bits that say how hard the writer tried, or that end the last block, may be anything.
                let output = Zlib.decompress(altered, limit: Self.limit)
                #expect(output == nil || output == bytes)
            }
        }
        #expect(Zlib.decompress(compressed + [1, 2, 3], limit: Self.limit) == bytes)
    }

    @Test func compressorsAreSharedByManyTasks() async {
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<32 {
                group.addTask {
                    let bytes = [UInt8](repeating: UInt8(task), count: 3000 + task)
                    return (0..<50).allSatisfy { _ in
                        Zlib.compress(bytes).flatMap { Zlib.decompress($0, limit: 10_000) } == bytes
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
