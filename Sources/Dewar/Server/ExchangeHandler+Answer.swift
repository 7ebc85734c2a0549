// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Logging
import NIOCore
import NIOHTTPTypes

/// The way of an answer, from Hummingbird to bytes.
extension ExchangeHandler {
    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if self.exchange?.bodyIsWanted() == true {
            self.connection.change { state, now in state.bodyIsWanted(now: now) }
            self.output.write(HTTPResponse(status: .continue), isOld: false)
            self.flush(context: context)
        }
        promise?.succeed()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // Hummingbird answers a malformed body after the application already has, and NIO stops the process at a write
        // to a connection that it has closed.
        guard !self.connection.isClosing, context.channel.isActive else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch Self.unwrapOutboundIn(data) {
        case .head(let head): self.begin(head, context)
        case .body(let bytes): self.write(bytes)
        case .end(let trailers): self.end(trailers, context)
        }
        // Hummingbird waits for no write. Who does wants to know when it has been sent.
        if let promise { self.send(context, promise) }
    }

    private func begin(_ head: HTTPResponse, _ context: ChannelHandlerContext) {
        var head = head
        let isOld = self.exchange?.isOld == true
        // "100 Continue" and its like come before the response.
        if head.status.code >= 200 {
            let isLast = self.isStopping || self.connections.isFull
            self.exchange?.begin(&head.headerFields, isLast: isLast)
            guard self.framing.begin(&head, isForHEAD: self.exchange?.isForHEAD == true, isOld: isOld) else {
                return self.close("a response has no end", context)
            }
        }
        self.output.write(head, isOld: isOld)
    }

    private func write(_ bytes: ByteBuffer) {
        guard !self.framing.write(bytes, to: &self.output) else { return }
        self.logger.error("a response body is longer than its Content-Length; the rest is not sent")
    }

    private func end(_ trailers: HTTPFields?, _ context: ChannelHandlerContext) {
        self.exchange?.answerEnded()
        // The server may have been told to stop after the head was written.
        let isLast = self.isStopping || self.exchange?.isLast == true
        if isLast {
            self.connection.change { state, now in state.closingBegan(now: now) }
        } else if self.exchange?.isRequestEnded == true {
            self.endExchange()
        }
        guard self.framing.end(trailers, to: &self.output) else {
            return self.close("a response body is shorter than its Content-Length", context)
        }
        if isLast { self.flush(context: context) } else { self.handOnEarlyArrivals(context) }
    }

    private func close(_ reason: String, _ context: ChannelHandlerContext) {
        self.logger.error("\(reason); the connection is closed")
        self.early.removeAll()
        // What went before, such as the end of the answer before this one, is sent first.
        if self.connection.isClosing { self.flush(context: context) } else { self.output = ResponseBytes() }
        self.connection.closeWhenSent()
    }

    func flush(context: ChannelHandlerContext) {
        self.send(context, nil)
        context.flush()
    }

    /// Writes what there is of answers. A promise is kept when it has been sent.
    private func send(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        let output = self.output
        self.output = ResponseBytes()
        output.forEachBuffer { context.write(Self.wrapOutboundOut(.byteBuffer($0)), promise: nil) }
        // An empty write is done when everything before it is.
        if let promise { context.write(Self.wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: promise) }
    }
}
