// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHPACK
import NIOHTTP2
import Testing

@testable import Dewar
@testable import DewarTLS

/// The server's settings count before the client has acknowledged them.
@Suite struct SettingsAcknowledgementTests {
    private static let preface = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let acknowledgement: [UInt8] = [0, 0, 0, 4, 1, 0, 0, 0, 0]
    private static let settings: [UInt8] = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]
    private static let ping: [UInt8] = [0, 0, 8, 6, 0, 0, 0, 0, 0] + [UInt8](repeating: 4, count: 8)

    private static func rewritten(_ bytes: [UInt8], pieces: Int) -> [UInt8] {
        var acknowledgement = SettingsAcknowledgement()
        var (rest, rewritten) = (ByteBuffer(bytes: bytes), ByteBuffer())
        while let piece = rest.readSlice(length: min(pieces, rest.readableBytes)), piece.readableBytes > 0 {
            var part = acknowledgement.rewrite(piece)
            rewritten.writeBuffer(&part)
        }
        return Array(buffer: rewritten)
    }

    @Test(arguments: [1, 5, 9, 24, 1000]) func itStandsBehindTheFirstFrame(pieces: Int) {
        let begin = Self.preface + Self.settings
        #expect(Self.rewritten(begin, pieces: pieces) == begin + Self.acknowledgement)
        #expect(Self.rewritten(begin + Self.ping, pieces: pieces) == begin + Self.acknowledgement + Self.ping)
        let empty = Self.preface + [0, 0, 0, 4, 0, 0, 0, 0, 0]
        #expect(Self.rewritten(empty + Self.ping, pieces: pieces) == empty + Self.acknowledgement + Self.ping)
    }

    @Test(arguments: [1, 5, 9, 24, 1000]) func theClientsOwnIsTakenOutOnce(pieces: Int) {
        let begin = Self.preface + Self.settings
        let sent = begin + Self.ping + Self.acknowledgement + Self.settings + Self.acknowledgement + Self.ping
        let expected = begin + Self.acknowledgement + Self.ping + Self.settings + Self.acknowledgement + Self.ping
        #expect(Self.rewritten(sent, pieces: pieces) == expected)
    }

    private static let others: [[UInt8]] = [
        [0, 0, 1, 4, 1, 0, 0, 0, 0, 0], [0, 0, 0, 4, 1, 0, 0, 0, 1], [0, 0, 0, 4, 0, 0, 0, 0, 0],
        [0, 0, 0, 6, 1, 0, 0, 0, 0],
    ]

    @Test(arguments: Self.others) func anotherFrameIsNone(frame: [UInt8]) {
        let begin = Self.preface + Self.settings
        #expect(Self.rewritten(begin + frame, pieces: 7) == begin + Self.acknowledgement + frame)
    }

    /// Header fields as large as HTTP/1 takes them, in the first bytes of a client that has read nothing yet.
    @Test func theFirstRequestMayBeAsLargeAsAnyOther() throws {
        var limits = ServerLimits.forTests
        limits.maximumHeaderSize = 65_536
        let connection = try TestHTTP2Connection(limits, isClientSilent: true)
        var block = ByteBuffer()
        var encoder = HPACKEncoder(allocator: ByteBufferAllocator(), useHuffmanEncoding: false)
        try encoder.encode(
            headers: [
                ":method": "GET", ":path": "/", ":scheme": "https", ":authority": "shop.test",
                "cookie": String(repeating: "a", count: 60_000),
            ], to: &block)
        var bytes = Self.preface + Self.settings
        var kind: UInt8 = 1
        while let part = block.readSlice(length: min(16_384, block.readableBytes)), part.readableBytes > 0 {
            let length = part.readableBytes
            let flags: UInt8 = (kind == 1 ? 1 : 0) | (block.readableBytes == 0 ? 4 : 0)
            bytes += [UInt8(length >> 16), UInt8(length >> 8 & 255), UInt8(length & 255), kind, flags, 0, 0, 0, 1]
            bytes += Array(buffer: part)
            kind = 9
        }
        connection.send(raw: bytes)
        #expect(connection.streams.map { $0.events.first } == ["GET /"])
        #expect(connection.streams.first?.head?.headerFields[.cookie]?.utf8.count == 60_000)
    }
}
