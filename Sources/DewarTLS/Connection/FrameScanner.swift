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
    private var reader = FrameReader()
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
        while let part = self.reader.next(from: &bytes) {
            switch part {
            case .head(let head, _):
                self.frameBegan(head)
                if head.payloadLength == 0 { self.frameEnded() }
            case .payload(_, let isLast):
                if let bodyStream { pieceArrived(bodyStream) }
                guard isLast else { continue }
                if let otherStream { pieceArrived(otherStream) }
                self.frameEnded()
            }
        }
    }

    private mutating func frameBegan(_ head: FrameHead) {
        if head.kind == FrameHead.Kind.headers || head.kind == FrameHead.Kind.continuation {
            self.isInHead = true
            self.isLastOfHead = head.flags & FrameHead.Flag.endHeaders != 0
        } else if head.kind == FrameHead.Kind.data {
            self.bodyStream = head.stream
        } else if head.stream != .rootStream {
            self.otherStream = head.stream
        }
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
