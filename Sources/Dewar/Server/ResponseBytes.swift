// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOHTTP1

/// The bytes of a response that are to be sent together (RFC 9112).
///
/// A small response becomes one buffer, which NIO passes on and the network takes in one piece. What is large is not
/// copied.
struct ResponseBytes {
    /// Up to how many bytes are copied behind those before them.
    private static let maximumCopy = 8 * 1024

    private var finished: [ByteBuffer] = []
    private var current = ByteBuffer()

    /// Calls a function with the buffers to send, in their order.
    func forEachBuffer(_ send: (ByteBuffer) -> Void) {
        for buffer in self.finished { send(buffer) }
        if self.current.readableBytes > 0 { send(self.current) }
    }

    /// Writes the head of a response. Its fields are as HTTPTypes lets them be: without line ends.
    mutating func write(_ head: HTTPResponse, isOld: Bool) {
        // The standard phrase of the status; NIO knows it for those that have none.
        let status = HTTPResponseStatus(statusCode: head.status.code, reasonPhrase: head.status.reasonPhrase)
        self.current.reserveCapacity(minimumWritableBytes: 512)
        self.current.writeStaticString(isOld ? "HTTP/1.0 " : "HTTP/1.1 ")
        self.current.writeString(String(head.status.code))
        self.current.writeStaticString(" ")
        self.current.writeString(status.reasonPhrase)
        self.current.writeStaticString("\r\n")
        self.write(head.headerFields)
    }

    private mutating func write(_ fields: HTTPFields) {
        for field in fields {
            self.current.writeString(field.name.rawName)
            self.current.writeStaticString(": ")
            self.current.writeString(field.value)
            self.current.writeStaticString("\r\n")
        }
        self.current.writeStaticString("\r\n")
    }

    mutating func write(_ bytes: ByteBuffer) {
        if bytes.readableBytes <= Self.maximumCopy {
            self.current.writeImmutableBuffer(bytes)
        } else {
            if self.current.readableBytes > 0 { self.finished.append(self.current) }
            self.finished.append(bytes)
            self.current = ByteBuffer()
        }
    }

    /// Writes a chunk. An empty one would be the end of the body.
    mutating func writeChunk(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        self.current.writeString(String(bytes.readableBytes, radix: 16))
        self.current.writeStaticString("\r\n")
        self.write(bytes)
        self.current.writeStaticString("\r\n")
    }

    mutating func writeLastChunk(_ trailers: HTTPFields?) {
        self.current.writeStaticString("0\r\n")
        self.write(trailers ?? HTTPFields())
    }
}
