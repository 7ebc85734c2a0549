// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHTTP2

/// What stands before each frame (RFC 9113, section 4.1).
struct FrameHead {
    /// The bytes that a client sends before its first frame (section 3.4).
    static let prefaceLength = 24
    /// The bytes of a head.
    static let length = 9

    enum Kind {
        static let data: UInt8 = 0x0
        static let headers: UInt8 = 0x1
        static let settings: UInt8 = 0x4
        static let continuation: UInt8 = 0x9
    }

    enum Flag {
        static let acknowledgement: UInt8 = 0x1
        static let endHeaders: UInt8 = 0x4
    }

    /// The bytes behind the head.
    let payloadLength: Int
    let kind: UInt8
    let flags: UInt8
    let stream: HTTP2StreamID

    /// Takes the head from the front of bytes; nil, and no byte taken, if there are too few.
    init?(from bytes: inout ByteBuffer) {
        guard let (lengthAndKind, flags, stream) = bytes.readMultipleIntegers(as: (UInt32, UInt8, UInt32).self) else {
            return nil
        }
        self.payloadLength = Int(lengthAndKind >> 8)
        self.kind = UInt8(truncatingIfNeeded: lengthAndKind)
        self.flags = flags
        // The first bit is reserved, and has no meaning.
        self.stream = HTTP2StreamID(Int(stream & 0x7FFF_FFFF))
    }
}
