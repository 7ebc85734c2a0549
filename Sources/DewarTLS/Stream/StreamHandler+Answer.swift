// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes

/// The way of an answer, from Hummingbird to NIO's codec.
extension StreamHandler {
    /// The bytes of a body that are written at once, so that the stream learns when each of them has been sent: what a
    /// frame holds at most.
    private static let pieceLength = 16_384

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if self.exchange?.bodyIsWanted() == true {
            self.change { clock, now in clock.bodyIsWanted(now: now) }
            context.writeAndFlush(Self.wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
        }
        promise?.succeed()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard context.channel.isActive else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch Self.unwrapOutboundIn(data) {
        case .head(let head): self.begin(head, promise, context)
        case .body(let bytes): self.write(bytes, promise, context)
        case .end(let trailers): self.end(trailers, promise, context)
        }
    }

    func begin(_ head: HTTPResponse, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        var head = head
        head.removeConnectionFields()
        // "100 Continue" and its like come before the response.
        if head.status.code >= 200 {
            self.exchange?.answerBegan()
            guard self.length.begin(&head, isForHEAD: self.exchange?.isForHEAD == true) else {
                return self.fail("a response has no end", promise, context)
            }
        }
        context.write(Self.wrapOutboundOut(.head(head)), promise: promise)
    }

    private func write(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        let (admitted, isWhole) = self.length.admit(bytes)
        if !isWhole {
            self.logger.error("a response body is longer than its Content-Length; the rest is not sent")
        }
        var rest = admitted ?? ByteBuffer()
        var sent = context.eventLoop.makeSucceededVoidFuture()
        while rest.readableBytes > 0,
            let piece = rest.readSlice(length: min(rest.readableBytes, Self.pieceLength))
        {
            sent = self.send(piece, context)
        }
        if let promise { sent.cascade(to: promise) }
    }

    private func send(_ piece: ByteBuffer, _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
        let count = piece.readableBytes
        let promise = context.eventLoop.makePromise(of: Void.self)
        self.count(written: count)
        promise.futureResult.assumeIsolated().whenComplete { _ in
            self.change { clock, now in clock.sent(count, now: now) }
        }
        context.write(Self.wrapOutboundOut(.body(piece)), promise: promise)
        return promise.futureResult
    }

    func end(_ trailers: HTTPFields?, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        self.exchange?.answerEnded()
        self.change { clock, _ in clock.bodyEnded() }
        // As over HTTP/1.1, where they can follow a body in chunks alone.
        let trailers = self.length.isUnknown ? trailers : nil
        guard self.length.end() else {
            return self.fail("a response body is shorter than its Content-Length", promise, context)
        }
        let sent = context.eventLoop.makePromise(of: Void.self)
        // The end is an empty frame of DATA, which waits for the connection's window behind all others: it counts as a
        // byte, or a client that opens no window would keep the stream for ever.
        self.count(written: 1)
        sent.futureResult.assumeIsolated().whenComplete { _ in
            self.change { clock, now in clock.sent(1, now: now) }
        }
        sent.futureResult.assumeIsolated().whenSuccess { self.answerIsSent(context) }
        if let promise { sent.futureResult.cascade(to: promise) }
        context.write(Self.wrapOutboundOut(.end(trailers)), promise: sent)
    }

    /// The client need not send the rest of a request that has been answered (RFC 9113, section 8.1).
    private func answerIsSent(_ context: ChannelHandlerContext) {
        if self.exchange?.isRequestEnded == false { self.reset(.noError, context) }
    }

    private func fail(_ reason: String, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        self.logger.error("\(reason); the stream is reset")
        promise?.fail(ChannelError.outputClosed)
        self.reset(.internalError, context)
    }
}
