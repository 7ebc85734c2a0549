// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import NIOCore
import NIOHTTP1

/// The last check of a response before it becomes bytes: no body where there can be none, and exactly as many bytes as
/// `Content-Length` says.
///
/// A stream writes its body after the head has been sent, so a mismatch between the two shows only here. Excess bytes
/// are not sent. When bytes are missing, the connection is closed, as RFC 9112 asks (section 8). Otherwise the client
/// would take the beginning of the next response for the rest of this one, or the rest of this one for the next.
final class ResponseFraming: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Body {
        case absent
        /// The number of bytes still to come.
        case length(Int)
        /// In chunks, or until the connection ends.
        case unknownLength
    }

    private let logger: Logger
    /// For each request that has no answer yet, in their order: whether it is HEAD.
    private var requests = CircularBuffer<Bool>()
    /// The body of the response that is being written; nil between two responses.
    private var body: Body?

    init(logger: Logger) {
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = Self.unwrapInboundIn(data) { self.requests.append(head.method == .HEAD) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch Self.unwrapOutboundIn(data) {
        case .head(let head): self.begin(head, context: context, data: data, promise: promise)
        case .body(let bytes): self.write(bytes, context: context, data: data, promise: promise)
        case .end: self.end(context: context, data: data, promise: promise)
        }
    }

    private func begin(
        _ head: HTTPResponseHead, context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        // "100 Continue" and its like come before the response.
        guard head.status.code >= 200 else { return context.write(data, promise: promise) }
        switch self.body {
        case nil: break
        // The response before this one was never ended, but it is complete.
        case .absent, .length(0): _ = self.requests.popFirst()
        default: return self.close("a response has no end", context: context, promise: promise)
        }
        self.body = self.body(of: head)
        context.write(data, promise: promise)
    }

    private func body(of head: HTTPResponseHead) -> Body {
        if self.requests.first == true || !head.status.mayHaveResponseBody { return .absent }
        guard let text = head.headers.first(name: "content-length"), let length = Int(text) else {
            return .unknownLength
        }
        return .length(max(length, 0))
    }

    private func write(
        _ bytes: IOData, context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        guard case .byteBuffer(let buffer) = bytes, let body = self.body else {
            return context.write(data, promise: promise)
        }
        switch body {
        case .absent: self.writeNothing(context: context, promise: promise)
        case .unknownLength: context.write(data, promise: promise)
        case .length(let rest):
            if buffer.readableBytes > rest {
                self.logger.error("a response body is longer than its Content-Length; the rest is not sent")
            }
            let part = buffer.getSlice(at: buffer.readerIndex, length: min(rest, buffer.readableBytes)) ?? ByteBuffer()
            self.body = .length(rest - part.readableBytes)
            context.write(Self.wrapOutboundOut(.body(.byteBuffer(part))), promise: promise)
        }
    }

    private func end(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let body = self.body
        self.body = nil
        _ = self.requests.popFirst()
        switch body {
        // NIO would write the end of a chunked body, "0" and two line ends, even where an answer to HEAD has no body.
        case .absent: self.writeNothing(context: context, promise: promise)
        case .length(let rest) where rest > 0:
            self.close("a response body is shorter than its Content-Length", context: context, promise: promise)
        default: context.write(data, promise: promise)
        }
    }

    /// Keeps the order of the promises, without a byte on the wire.
    private func writeNothing(context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: promise)
    }

    private func close(_ reason: String, context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        self.logger.error("\(reason); the connection is closed")
        promise?.fail(ChannelError.eof)
        context.close(promise: nil)
    }
}

@available(*, unavailable)
extension ResponseFraming: Sendable {}
