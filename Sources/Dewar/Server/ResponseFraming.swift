// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore

/// Where a response ends on its connection: no body where there can be none, exactly as many bytes as `Content-Length`
/// says, and otherwise chunks, or the end of the connection (RFC 9112, section 6).
///
/// Bytes beyond ``ResponseLength`` are not sent. When bytes are missing, the connection is closed, as RFC 9112 asks
/// (section 8). Otherwise the client would take the beginning of the next response for the rest of this one, or the
/// rest of this one for the next.
struct ResponseFraming {
    private var length = ResponseLength()
    private var hasChunks = false

    /// The head of a response: sets the field that says where its body ends.
    ///
    /// - Parameters:
    ///   - head: The head.
    ///   - isForHEAD: Whether it answers HEAD: it has the fields of the answer to GET, and no body.
    ///   - isOld: Whether the client speaks HTTP/1.0, which has no chunks.
    /// - Returns: False if the response before it has no end: the connection must be closed.
    mutating func begin(_ head: inout HTTPResponse, isForHEAD: Bool, isOld: Bool) -> Bool {
        guard self.length.begin(&head, isForHEAD: isForHEAD) else { return false }
        let isCounted = ResponseLength.isAbsent(with: head.status) || head.headerFields.contains(.contentLength)
        self.hasChunks = !isCounted && !isOld
        if self.hasChunks {
            head.headerFields[.transferEncoding] = "chunked"
        } else if head.headerFields.contains(.transferEncoding) {
            head.headerFields[.transferEncoding] = nil
        }
        return true
    }

    /// Writes as much of a body's bytes as may be sent.
    ///
    /// - Returns: False if that leaves out bytes beyond the length that was announced.
    mutating func write(_ bytes: ByteBuffer, to output: inout ResponseBytes) -> Bool {
        let (admitted, isWhole) = self.length.admit(bytes)
        if let admitted {
            if self.hasChunks { output.writeChunk(admitted) } else { output.write(admitted) }
        }
        return isWhole
    }

    /// Writes the end of a response.
    ///
    /// - Returns: False if bytes of the body are missing: the connection must be closed.
    mutating func end(_ trailers: HTTPFields?, to output: inout ResponseBytes) -> Bool {
        if self.hasChunks, self.length.isUnknown { output.writeLastChunk(trailers) }
        return self.length.end()
    }
}
