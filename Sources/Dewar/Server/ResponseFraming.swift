// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore

/// Where a response ends on its connection: no body where there can be none, exactly as many bytes as `Content-Length`
/// says, and otherwise chunks, or the end of the connection (RFC 9112, section 6).
///
/// A stream writes its body after the head has been sent, so a mismatch between the two shows only here. Excess bytes
/// are not sent. When bytes are missing, the connection is closed, as RFC 9112 asks (section 8). Otherwise the client
/// would take the beginning of the next response for the rest of this one, or the rest of this one for the next.
struct ResponseFraming {
    private enum Body {
        case absent
        /// The number of bytes still to come.
        case length(Int)
        case chunks
        case untilClose
    }

    /// The body of the response that is being written; nil between two responses.
    private var body: Body?

    /// The head of a response: sets the field that says where its body ends.
    ///
    /// - Parameters:
    ///   - head: The head.
    ///   - isForHEAD: Whether it answers HEAD: it has the fields of the answer to GET, and no body.
    ///   - isOld: Whether the client speaks HTTP/1.0, which has no chunks.
    /// - Returns: False if the response before it has no end: the connection must be closed.
    mutating func begin(_ head: inout HTTPResponse, isForHEAD: Bool, isOld: Bool) -> Bool {
        switch self.body {
        // The response before this one was never ended, but it is complete.
        case nil, .absent, .length(0): break
        default: return false
        }
        let body = Self.body(of: &head, isOld: isOld)
        self.body = isForHEAD ? .absent : body
        return true
    }

    private static func body(of head: inout HTTPResponse, isOld: Bool) -> Body {
        if head.status.code == 204 || head.status.code == 304 {
            head.headerFields[.contentLength] = nil
            head.headerFields[.transferEncoding] = nil
            return .absent
        }
        if let text = head.headerFields[.contentLength] {
            if head.headerFields.contains(.transferEncoding) { head.headerFields[.transferEncoding] = nil }
            return Int(text).map { .length(max($0, 0)) } ?? .untilClose
        }
        head.headerFields[.transferEncoding] = isOld ? nil : "chunked"
        return isOld ? .untilClose : .chunks
    }

    /// Writes as much of a body's bytes as may be sent.
    ///
    /// - Returns: False if that leaves out bytes beyond the length that was announced.
    mutating func write(_ bytes: ByteBuffer, to output: inout ResponseBytes) -> Bool {
        switch self.body {
        case nil, .absent: break
        case .untilClose: output.write(bytes)
        case .chunks: output.writeChunk(bytes)
        case .length(let rest):
            let count = bytes.readableBytes
            self.body = .length(max(rest - count, 0))
            guard count > rest else {
                output.write(bytes)
                return true
            }
            if let part = bytes.getSlice(at: bytes.readerIndex, length: rest) { output.write(part) }
            return false
        }
        return true
    }

    /// Writes the end of a response.
    ///
    /// - Returns: False if bytes of the body are missing: the connection must be closed.
    mutating func end(_ trailers: HTTPFields?, to output: inout ResponseBytes) -> Bool {
        defer { self.body = nil }
        switch self.body {
        case .chunks: output.writeLastChunk(trailers)
        case .length(let rest): return rest == 0
        case nil, .absent, .untilClose: break
        }
        return true
    }
}
