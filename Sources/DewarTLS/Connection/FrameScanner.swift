// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP2

/// Finds the frames in the bytes of a client (RFC 9113, section 4.1), of which NIO's decoder tells too late.
///
/// The header fields of a request are in one frame of HEADERS and in any number of CONTINUATION, up to the one with the
/// flag END_HEADERS (section 6.10). The decoder tells of them when they are complete: without this a client could send
/// them for ever, a byte now and then.
struct FrameScanner {
    private static let prefaceLength = 24
    private static let headLength = 9
    private static let endHeadersFlag: UInt8 = 0x4

    private enum Kind {
        static let data: UInt8 = 0x0
        static let headers: UInt8 = 0x1
        static let continuation: UInt8 = 0x9
    }

    /// The bytes up to the next frame.
    private var rest = Self.prefaceLength
    /// What has come of a frame's head: its length in three bytes, its type, its flags, and its stream in four.
    private var head = ByteBuffer()
    /// The stream whose body the frame is a part of.
    private var bodyStream: HTTP2StreamID?
    /// The stream that the frame is about otherwise.
    private var otherStream: HTTP2StreamID?
    private var isLastOfHead = false
    /// Whether the header fields of a request have begun and not ended.
    private(set) var isInHead = false
    /// How many requests' header fields have ended.
    private(set) var heads = 0

    /// Looks at further bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes as they came, which are perhaps a part of a frame, or several.
    ///   - pieceArrived: Called for each piece of a body, as the decoder hands it on, and for each other frame that waits
    ///     in its stream to be read, such as WINDOW_UPDATE.
    mutating func scan(_ bytes: ByteBuffer, pieceArrived: (HTTP2StreamID) -> Void) {
        var bytes = bytes
        while bytes.readableBytes > 0 {
            if self.rest > 0 {
                let count = min(self.rest, bytes.readableBytes)
                bytes.moveReaderIndex(forwardBy: count)
                self.rest -= count
                if let bodyStream { pieceArrived(bodyStream) }
                if self.rest == 0 {
                    if let otherStream { pieceArrived(otherStream) }
                    self.frameEnded()
                }
            } else {
                let count = min(Self.headLength - self.head.readableBytes, bytes.readableBytes)
                guard var part = bytes.readSlice(length: count) else { return }
                self.head.writeBuffer(&part)
                if self.head.readableBytes == Self.headLength { self.frameBegan() }
            }
        }
    }

    private mutating func frameBegan() {
        let lengthAndKind: UInt32 = self.head.readInteger() ?? 0
        let flags: UInt8 = self.head.readInteger() ?? 0
        let stream: UInt32 = self.head.readInteger() ?? 0
        self.head.clear()
        let kind = UInt8(truncatingIfNeeded: lengthAndKind)
        if kind == Kind.headers || kind == Kind.continuation {
            self.isInHead = true
            self.isLastOfHead = flags & Self.endHeadersFlag != 0
        } else {
            // The first bit is reserved, and has no meaning.
            let id = HTTP2StreamID(Int(stream & 0x7FFF_FFFF))
            if kind == Kind.data { self.bodyStream = id } else if id != .rootStream { self.otherStream = id }
        }
        self.rest = Int(lengthAndKind >> 8)
        if self.rest == 0 { self.frameEnded() }
    }

    private mutating func frameEnded() {
        if self.isLastOfHead {
            self.isInHead = false
            self.heads += 1
        }
        self.isLastOfHead = false
        (self.bodyStream, self.otherStream) = (nil, nil)
    }
}
