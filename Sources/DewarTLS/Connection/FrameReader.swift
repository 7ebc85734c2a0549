// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// Parts the bytes of a client, as they come from the network, into the heads of frames and what is behind them (RFC 9113,
/// section 4.1).
struct FrameReader {
    enum Part {
        /// A head, and its bytes. Without a payload the frame ends with it.
        case head(FrameHead, ByteBuffer)
        /// Bytes of the preface or of a frame's payload, and whether it ends with them.
        case payload(ByteBuffer, isLast: Bool)
    }

    /// The bytes up to the next frame.
    private var rest = FrameHead.prefaceLength
    /// What has come of a frame's head.
    private var head = ByteBuffer()

    /// Takes the next part from the front of bytes; nil when all of them are taken, and perhaps the next head has not come
    /// wholly.
    mutating func next(from bytes: inout ByteBuffer) -> Part? {
        if self.rest > 0 {
            guard bytes.readableBytes > 0, let part = bytes.readSlice(length: min(self.rest, bytes.readableBytes))
            else { return nil }
            self.rest -= part.readableBytes
            return .payload(part, isLast: self.rest == 0)
        }
        guard var part = bytes.readSlice(length: min(FrameHead.length - self.head.readableBytes, bytes.readableBytes))
        else { return nil }
        self.head.writeBuffer(&part)
        let whole = self.head
        guard let head = FrameHead(from: &self.head) else { return nil }
        self.head.clear()
        self.rest = head.payloadLength
        return .head(head, whole)
    }
}
