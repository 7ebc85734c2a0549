// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// A frame of HTTP/2 (RFC 9113, section 4.1).
struct FuzzFrame {
    enum Kind {
        static let data = 0
        static let headers = 1
        static let reset = 3
        static let settings = 4
        static let ping = 6
        static let goAway = 7
        static let windowUpdate = 8
    }

    let kind: Int
    let flags: Int
    let stream: Int
    let payload: ByteBuffer

    /// END_STREAM, or ACK.
    var hasFirstFlag: Bool { self.flags & 1 != 0 }

    /// The number that the payload begins with, without the bit that is reserved; nil if it is shorter.
    var number: Int? {
        self.payload.getInteger(at: self.payload.readerIndex, as: UInt32.self).map { Int($0 & 0x7FFF_FFFF) }
    }
}

/// Parts the bytes of one side into frames, as they come.
struct FuzzFrameReader {
    private static let headLength = 9
    private var bytes = ByteBuffer()

    /// Whether a frame has begun and not ended.
    var isInFrame: Bool { self.bytes.readableBytes > 0 }

    mutating func append(_ bytes: ByteBuffer) {
        if self.bytes.readableBytes == 0 { self.bytes.clear() }
        self.bytes.writeImmutableBuffer(bytes)
    }

    mutating func next() -> FuzzFrame? {
        guard let head = self.bytes.getBytes(at: self.bytes.readerIndex, length: Self.headLength) else { return nil }
        let parts = head.map(Int.init)
        let length = parts[0] << 16 + parts[1] << 8 + parts[2]
        guard self.bytes.readableBytes >= Self.headLength + length else { return nil }
        self.bytes.moveReaderIndex(forwardBy: Self.headLength)
        guard let payload = self.bytes.readSlice(length: length) else { return nil }
        let stream = (parts[5] & 0x7F) << 24 + parts[6] << 16 + parts[7] << 8 + parts[8]
        return FuzzFrame(kind: parts[3], flags: parts[4], stream: stream, payload: payload)
    }
}
