// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOHPACK

/// The client of an HTTP/2 connection: what it has sent and allowed, and what it gets. It reads the server's frames
/// itself, and leaves only the table of fields (HPACK) to NIO.
struct FuzzHTTP2Client {
    private var sent = FuzzFrameReader()
    private var received = FuzzFrameReader()
    private var windows = FuzzWindows()
    private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
    private var streams: [Int: FuzzHTTP2Stream] = [:]
    /// The streams that the client has reset.
    private var abandoned: Set<Int> = []
    /// Frames of the client that the server may acknowledge, by their kinds.
    private var unacknowledged: [Int: Int] = [:]
    private var hasSettings = false
    /// The last stream that the server still answers.
    private var lastStream = Int.max

    /// Whether a stream has got the head of an answer, or is closed without one.
    func isAnswered(_ id: Int) -> Bool {
        self.streams[id]?.isAnswered == true || self.abandoned.contains(id)
    }

    /// Whether the last frame of the server has not ended.
    var isInFrame: Bool { self.received.isInFrame }

    // MARK: - What the client sends

    mutating func beginStep() {
        self.windows.beginStep()
    }

    /// The client sends bytes behind its preface, which are perhaps no frames.
    mutating func send(_ bytes: ByteBuffer) {
        self.sent.append(bytes)
        while let frame = self.sent.next() { self.note(frame) }
    }

    private mutating func note(_ frame: FuzzFrame) {
        switch frame.kind {
        case FuzzFrame.Kind.settings where !frame.hasFirstFlag:
            self.unacknowledged[frame.kind, default: 0] += 1
            var payload = frame.payload
            while let (parameter, value) = payload.readMultipleIntegers(as: (UInt16, UInt32).self) {
                self.windows.set(Int(parameter), to: Int(value))
            }
            let tableSize = max(self.decoder.maxDynamicTableLength, self.windows.tableSize)
            self.decoder.maxDynamicTableLength = tableSize
        case FuzzFrame.Kind.ping where !frame.hasFirstFlag: self.unacknowledged[frame.kind, default: 0] += 1
        case FuzzFrame.Kind.windowUpdate: self.windows.open(frame.stream, by: frame.number ?? 0)
        case FuzzFrame.Kind.reset: self.abandoned.insert(frame.stream)
        default: break
        }
    }

    // MARK: - What the client gets

    /// - Throws: A ``Violation`` for a frame that no client should get.
    mutating func take(_ bytes: ByteBuffer, from applications: [Int: FuzzHTTP2Application]) throws {
        self.received.append(bytes)
        while let frame = self.received.next() {
            try require(frame.payload.readableBytes <= self.windows.frameSize, "a frame is too long")
            let isFirst = !self.hasSettings
            self.hasSettings = true
            try require(
                isFirst == (frame.kind == FuzzFrame.Kind.settings && !frame.hasFirstFlag),
                "the server's settings are not its first frame alone")
            try self.take(frame, from: applications)
        }
    }

    private mutating func take(_ frame: FuzzFrame, from applications: [Int: FuzzHTTP2Application]) throws {
        switch frame.kind {
        case FuzzFrame.Kind.data, FuzzFrame.Kind.headers: try self.takePart(frame, from: applications[frame.stream])
        case FuzzFrame.Kind.reset:
            try require(frame.stream != 0 && frame.payload.readableBytes == 4, "a reset is malformed")
            self.streams[frame.stream, default: FuzzHTTP2Stream(frame.stream)].reset()
        case FuzzFrame.Kind.settings, FuzzFrame.Kind.ping:
            try require(frame.stream == 0, "a frame of the connection is on a stream")
            if frame.kind == FuzzFrame.Kind.settings, !frame.hasFirstFlag { return }
            try require(frame.hasFirstFlag, "the server asks for an answer to a PING")
            self.unacknowledged[frame.kind, default: 0] -= 1
            try require(self.unacknowledged[frame.kind, default: 0] >= 0, "what was not sent is acknowledged")
        case FuzzFrame.Kind.goAway:
            guard frame.stream == 0, let last = frame.number else {
                throw Violation(description: "a GOAWAY is malformed")
            }
            try require(last <= self.lastStream, "the server answers again what it would not answer any more")
            self.lastStream = last
        case FuzzFrame.Kind.windowUpdate:
            try require(frame.payload.readableBytes == 4 && frame.number ?? 0 > 0, "a window is opened by nothing")
        default: throw Violation(description: "the server sends a frame of kind \(frame.kind)")
        }
    }

    private mutating func takePart(_ frame: FuzzFrame, from application: FuzzHTTP2Application?) throws {
        guard let application else { throw Violation(description: "a stream is answered that is none") }
        try require(frame.stream <= self.lastStream, "a stream is answered that the client may ask for again")
        var stream = self.streams[frame.stream] ?? FuzzHTTP2Stream(frame.stream)
        if frame.kind == FuzzFrame.Kind.headers {
            // END_HEADERS; neither padding nor a priority.
            try require(frame.flags & ~1 == 4, "a head has the flags \(frame.flags)")
            try stream.take(head: self.fields(frame.payload), isEnd: frame.hasFirstFlag, from: application)
        } else {
            try require(frame.flags & ~1 == 0, "a body has the flags \(frame.flags)")
            try self.windows.use(frame.payload.readableBytes, on: frame.stream)
            try stream.take(frame.payload, isEnd: frame.hasFirstFlag)
        }
        self.streams[frame.stream] = stream
    }

    private mutating func fields(_ block: ByteBuffer) throws -> [String: String] {
        var (block, fields) = (block, [String: String]())
        for (name, value, _) in try self.decoder.decodeHeaders(from: &block) {
            try require(fields[name] == nil && name == name.lowercased(), "a field is there twice, or has capitals")
            fields[name] = value
        }
        return fields
    }
}
