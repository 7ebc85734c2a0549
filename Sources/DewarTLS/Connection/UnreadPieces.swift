// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOHTTP2

/// How many pieces of bodies, and other frames of streams, have come that no handler has asked for yet.
///
/// The windows of the streams bound the bytes that wait, and not their number of pieces. Each piece takes some hundred
/// bytes of memory, so that a client that sends single bytes could take a hundred times as much as its windows say. Frames of
/// WINDOW_UPDATE wait in a stream behind what is not read too, and no window bounds them.
struct UnreadPieces {
    /// As many as fill the windows of 100 streams with pieces of 400 bytes. A network brings larger ones.
    static let maximum = 16_384

    private var open: Set<HTTP2StreamID> = []
    private var counts: [HTTP2StreamID: Int] = [:]
    private var total = 0

    var isTooMany: Bool { self.total > Self.maximum }

    mutating func streamOpened(_ stream: HTTP2StreamID) {
        self.open.insert(stream)
    }

    mutating func streamClosed(_ stream: HTTP2StreamID) {
        self.open.remove(stream)
        self.areTaken(on: stream)
    }

    /// What came for streams that are not open was not kept: the rest of a body behind an early answer, for one.
    mutating func forgetOthers() {
        for stream in self.counts.keys where !self.open.contains(stream) { self.areTaken(on: stream) }
    }

    mutating func arrived(on stream: HTTP2StreamID) {
        self.counts[stream, default: 0] += 1
        self.total += 1
    }

    /// A handler asks for more, so that it has what came before.
    mutating func areTaken(on stream: HTTP2StreamID) {
        self.total -= self.counts.removeValue(forKey: stream) ?? 0
    }
}
