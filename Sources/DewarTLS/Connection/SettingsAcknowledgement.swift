// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP2

/// Makes the server's settings count from the client's first request on.
///
/// A client sends its first requests before it can have read what the server allows (RFC 9113, section 3.4). NIO applies
/// its own smaller limit until the client has acknowledged the settings: a first request with header fields of more than
/// 16 KiB, such as a visitor's many cookies, would end the connection. So the acknowledgement is put behind the client's
/// first frame, and the client's own is taken out.
struct SettingsAcknowledgement {
    private enum Stage {
        /// The preface and the first frame, which is the client's settings.
        case first
        /// The client has not acknowledged the settings yet.
        case awaited
        case over
    }

    private static let frame: [UInt8] = [0, 0, 0, FrameHead.Kind.settings, FrameHead.Flag.acknowledgement, 0, 0, 0, 0]

    private var stage = Stage.first
    private var reader = FrameReader()
    private var isInFirstFrame = false

    /// Further bytes of the client, as NIO is to get them.
    mutating func rewrite(_ bytes: ByteBuffer) -> ByteBuffer {
        guard self.stage != .over else { return bytes }
        var (bytes, rewritten) = (bytes, ByteBuffer())
        while self.stage != .over, let part = self.reader.next(from: &bytes) {
            self.copy(part, to: &rewritten)
        }
        rewritten.writeBuffer(&bytes)
        return rewritten
    }

    private mutating func copy(_ part: FrameReader.Part, to rewritten: inout ByteBuffer) {
        switch part {
        case .head(let head, var bytes):
            if self.stage == .awaited, Self.acknowledges(head) {
                self.stage = .over
                return
            }
            rewritten.writeBuffer(&bytes)
            self.isInFirstFrame = self.stage == .first
            if head.payloadLength == 0 { self.frameEnded(&rewritten) }
        case .payload(var bytes, let isLast):
            rewritten.writeBuffer(&bytes)
            if isLast { self.frameEnded(&rewritten) }
        }
    }

    private mutating func frameEnded(_ rewritten: inout ByteBuffer) {
        guard self.isInFirstFrame else { return }
        self.isInFirstFrame = false
        self.stage = .awaited
        rewritten.writeBytes(Self.frame)
    }

    /// One that is malformed is for NIO to refuse.
    private static func acknowledges(_ head: FrameHead) -> Bool {
        head.kind == FrameHead.Kind.settings && head.flags & FrameHead.Flag.acknowledgement != 0
            && head.payloadLength == 0 && head.stream == .rootStream
    }
}
