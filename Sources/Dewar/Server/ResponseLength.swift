// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HTTPTypes
package import NIOCore

/// How many bytes the body of a response has: none where there can be none, exactly as many as `Content-Length` says,
/// and otherwise as many as are written (RFC 9110, sections 6.4.1 and 8.6).
///
/// A stream writes its body after the head has been sent, so a mismatch between the two shows only here.
package struct ResponseLength {
    private enum Body {
        case absent
        /// The number of bytes still to come.
        case length(Int)
        case unknown
    }

    /// The body of the response that is being written; nil between two responses.
    private var body: Body?

    package init() {}

    /// Whether the body ends where the application ends it.
    package var isUnknown: Bool {
        guard case .unknown = self.body else { return false }
        return true
    }

    /// Whether a response with this status has no body, whatever its request was.
    package static func isAbsent(with status: HTTPResponse.Status) -> Bool {
        status.code == 204 || status.code == 304
    }

    /// The head of a response.
    ///
    /// - Parameters:
    ///   - head: The head; a length that it cannot have is taken out.
    ///   - isForHEAD: Whether it answers HEAD: it has the fields of the answer to GET, and no body.
    /// - Returns: False if the response before it has no end.
    package mutating func begin(_ head: inout HTTPResponse, isForHEAD: Bool) -> Bool {
        switch self.body {
        // The response before this one was never ended, but it is complete.
        case nil, .absent, .length(0): break
        default: return false
        }
        let body = Self.body(of: &head)
        self.body = isForHEAD ? .absent : body
        return true
    }

    private static func body(of head: inout HTTPResponse) -> Body {
        guard !self.isAbsent(with: head.status) else {
            head.headerFields[.contentLength] = nil
            return .absent
        }
        guard let text = head.headerFields[.contentLength] else { return .unknown }
        return Int(text).map { .length(max($0, 0)) } ?? .unknown
    }

    /// As much of a body's bytes as may be sent; nil for none.
    ///
    /// - Returns: The bytes, and whether none is left out beyond the length that was announced.
    package mutating func admit(_ bytes: ByteBuffer) -> (bytes: ByteBuffer?, isWhole: Bool) {
        switch self.body {
        case nil, .absent: return (nil, true)
        case .unknown: return (bytes, true)
        case .length(let rest):
            let count = bytes.readableBytes
            self.body = .length(max(rest - count, 0))
            guard count > rest else { return (bytes, true) }
            return (bytes.getSlice(at: bytes.readerIndex, length: rest), false)
        }
    }

    /// The end of a response.
    ///
    /// - Returns: False if bytes of the body are missing.
    package mutating func end() -> Bool {
        defer { self.body = nil }
        guard case .length(let rest) = self.body else { return true }
        return rest == 0
    }
}
