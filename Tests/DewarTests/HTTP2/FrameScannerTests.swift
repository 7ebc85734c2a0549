// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP2
import Testing

@testable import DewarTLS

/// What is found in the bytes of a client before NIO's decoder tells of it.
@Suite struct FrameScannerTests {
    private static let preface = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private static func frame(_ type: UInt8, flags: UInt8 = 0, length: Int) -> [UInt8] {
        [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), type, flags, 0, 0, 0, 1]
            + [UInt8](repeating: 1, count: length)
    }

    private static func isInHead(after frames: [[UInt8]], pieces: Int) -> Bool {
        var scanner = FrameScanner()
        var rest = ByteBuffer(bytes: Self.preface + frames.joined())
        while let piece = rest.readSlice(length: min(pieces, rest.readableBytes)), piece.readableBytes > 0 {
            scanner.scan(piece) { _ in }
        }
        return scanner.isInHead
    }

    @Test(arguments: [1, 5, 9, 1000]) func aHeadEndsWithItsLastFrame(pieces: Int) {
        let cases: [(frames: [[UInt8]], isInHead: Bool)] = [
            ([], false),
            ([Self.frame(4, length: 6)], false),
            ([Self.frame(1, flags: 4, length: 300)], false),
            ([Self.frame(1, length: 300)], true),
            ([Self.frame(1, length: 0)], true),
            ([Self.frame(1, flags: 4, length: 0)], false),
            ([Self.frame(1, flags: 1, length: 10), Self.frame(9, length: 10)], true),
            ([Self.frame(1, length: 10), Self.frame(9, length: 10), Self.frame(9, flags: 4, length: 0)], false),
            // A frame of DATA whose bytes look like the head of another, and one with a flag of the same number.
            ([Self.frame(1, flags: 4, length: 10), Self.frame(0, flags: 4, length: 40_000)], false),
            ([Self.frame(1, flags: 4, length: 10), Self.frame(0, length: 10)], false),
        ]
        for (number, one) in cases.enumerated() {
            #expect(Self.isInHead(after: one.frames, pieces: pieces) == one.isInHead, "case \(number)")
        }
    }

    @Test(arguments: [8, 9, 10, 308]) func aFrameThatHasNotComeWhollyIsAHead(count: Int) {
        var bytes = Self.frame(1, flags: 4, length: 300)
        bytes.removeLast(bytes.count - count)
        // Before its ninth byte, it is not known what frame it is.
        #expect(Self.isInHead(after: [bytes], pieces: 1000) == (count >= 9))
    }

    /// As many pieces as NIO's decoder makes of the bytes: one for each frame of DATA in each read, and one for another
    /// frame.
    @Test func piecesOfABodyAreCountedByTheirStream() {
        var bytes = Self.preface + Self.frame(1, flags: 4, length: 3)
        for (type, length) in [(0, 5), (0, 0), (8, 4), (0, 2)] { bytes += Self.frame(UInt8(type), length: length) }
        for (pieces, count) in [(1000, 3), (1, 8)] {
            var scanner = FrameScanner()
            var found: [HTTP2StreamID] = []
            var rest = ByteBuffer(bytes: bytes)
            while let piece = rest.readSlice(length: min(pieces, rest.readableBytes)), piece.readableBytes > 0 {
                scanner.scan(piece) { found.append($0) }
            }
            #expect(found == [HTTP2StreamID](repeating: 1, count: count))
        }
    }
}
