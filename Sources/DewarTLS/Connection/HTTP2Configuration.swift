// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import NIOHTTP2

extension NIOHTTP2Handler.Configuration {
    /// How many requests a client may have under way on one connection.
    static let maximumStreams = 100
    /// What HTTP/2 adds to the size of each header field (RFC 9113, section 6.5.2).
    private static let fieldOverhead = 32
    /// The smallest limit of a frame's length (RFC 9113, section 4.2), which this server keeps.
    private static let frameLength = 16_384

    /// What the server says to each client, and what its decoder puts up with.
    ///
    /// The decoder also ends a connection with 200 stream errors in all, with 200 resets or 200 frames of PING, SETTINGS
    /// and PRIORITY within 30 seconds, and with two empty frames of DATA in a row: each of them costs the server more
    /// than the client.
    init(_ limits: ServerLimits) {
        self.init()
        let size = Self.listSize(limits)
        self.connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: Self.maximumStreams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: size),
        ]
        self.connection.maximumSequentialContinuationFrames = max(5, size / Self.frameLength + 1)
    }

    /// The decoder's limit, beyond which it ends the connection. It lets all pass that `maximumHeaderSize` does, with
    /// as many fields as there may be, so that a little more gets the answer 431.
    private static func listSize(_ limits: ServerLimits) -> Int {
        min(limits.maximumHeaderSize, 1 << 30) + ServerLimits.maximumFieldCount * Self.fieldOverhead
    }
}
