// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP2

@testable import DewarTLS

extension FuzzTarget {
    /// The first two bytes say where the network cuts the rest: the frames that follow a client's preface.
    static let http2Frames = FuzzTarget("http2-frames", "the frames of an HTTP/2 client, as the network cuts them") {
        input in
        let cuts = (Int(input.first ?? 0), Int(input.dropFirst().first ?? 0))
        let bytes = [UInt8](repeating: 0x2A, count: FuzzFrames.prefaceLength) + input.dropFirst(2)
        let chunks = FuzzFrames.chunks(of: bytes, cuts)
        let expected = FuzzFrames(in: bytes, chunks)
        var scanner = FrameScanner()
        var pieces: [Int] = []
        var acknowledgement = SettingsAcknowledgement()
        var rewritten: [UInt8] = []
        for chunk in chunks {
            let chunk = ByteBuffer(bytes: bytes[chunk])
            scanner.scan(chunk) { pieces.append(Int($0)) }
            rewritten += Array(buffer: acknowledgement.rewrite(chunk))
        }
        try require(scanner.heads == expected.heads, "other heads of requests have ended")
        try require(scanner.isInHead == expected.isInHead, "a head has begun or ended at another byte")
        try require(pieces == expected.pieces, "other pieces have come")
        try require(rewritten == expected.acknowledged(bytes), "the acknowledgement is at another place")
    }
}

/// The same bytes, read at once and by their place: a second reading that knows nothing of the first.
private struct FuzzFrames {
    static let prefaceLength = 24

    private(set) var heads = 0
    private(set) var isInHead = false
    /// The stream of each piece, in the order in which they come.
    private(set) var pieces: [Int] = []
    /// The end of the first frame, if it has come.
    private var first: Int?
    /// Where the client acknowledges the server's settings, if it does.
    private var acknowledgement: Int?
    /// The end of what goes on before that: a head that has not come wholly waits.
    private var end = Self.prefaceLength

    init(in bytes: [UInt8], _ chunks: [Range<Int>]) {
        var start = Self.prefaceLength
        var chunks = chunks[...]
        while start + 9 <= bytes.count {
            let head = bytes[start..<start + 9].map(Int.init)
            let payload = start + 9..<start + 9 + head[0] << 16 + head[1] << 8 + head[2]
            let isComplete = payload.upperBound <= bytes.count
            if self.first != nil, self.acknowledgement == nil,
                head == [0, 0, 0, 4, head[4] | 1, head[5] & 0x80, 0, 0, 0]
            {
                self.acknowledgement = start
            }
            if self.first == nil, isComplete { self.first = payload.upperBound }
            let stream = (head[5] & 0x7F) << 24 + head[6] << 16 + head[7] << 8 + head[8]
            switch head[3] {
            case 0:
                chunks = chunks.drop { $0.upperBound <= payload.lowerBound }
                let parts = chunks.prefix { $0.lowerBound < payload.upperBound }
                self.pieces += parts.filter { !$0.clamped(to: payload).isEmpty }.map { _ in stream }
            case 1, 9:
                let isLast = head[4] & 4 != 0
                self.isInHead = !(isLast && isComplete)
                self.heads += isLast && isComplete ? 1 : 0
            default:
                if isComplete, !payload.isEmpty, stream != 0 { self.pieces.append(stream) }
            }
            start = payload.upperBound
            self.end = min(start, bytes.count)
        }
    }

    /// The bytes with the acknowledgement behind the first frame, and without the client's own.
    func acknowledged(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = self.first else { return Array(bytes[..<self.end]) }
        let begin = Array(bytes[..<first]) + [0, 0, 0, 4, 1, 0, 0, 0, 0]
        guard let own = self.acknowledgement else { return begin + bytes[first..<self.end] }
        return begin + bytes[first..<own] + bytes[(own + 9)...]
    }

    /// The bytes in pieces of two sizes, by turns; a size of 0 is all that is left.
    static func chunks(of bytes: [UInt8], _ sizes: (Int, Int)) -> [Range<Int>] {
        var chunks: [Range<Int>] = []
        var size = sizes
        while let start = chunks.last?.upperBound ?? Optional(0), start < bytes.count {
            let end = size.0 == 0 ? bytes.count : min(start + size.0, bytes.count)
            chunks.append(start..<end)
            size = (size.1, size.0)
        }
        return chunks
    }
}
