// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import NIOCore
import NIOHTTP1

/// Follows the requests and answers of one connection, one after the other.
///
/// It says `100 Continue` when a body is wanted, ends connections as HTTP/1.0 and `Connection: close` ask for, and
/// tells ``ConnectionLimitHandler`` what the connection is doing.
final class ExchangeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The application wants the body of the request that it is answering.
    struct BodyIsWanted: Sendable {}

    private let connection: ConnectionLimitHandler
    private let connections: OpenConnections
    private var exchange: Exchange?

    init(connection: ConnectionLimitHandler, connections: OpenConnections) {
        self.connection = connection
        self.connections = connections
    }

    // MARK: - The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.connection.isClosing else { return }
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            let exchange = Exchange(head)
            self.exchange = exchange
            self.connection.change { state, now in state.requestBegan(now: now) }
            guard !exchange.hasUnknownExpectation else { return self.refuse(context, .expectationFailed) }
        case .body(let bytes):
            guard self.exchange?.hasFailed != true else { return }
            self.exchange?.bodyArrived(bytes.readableBytes)
            self.connection.change { state, now in state.bodyArrived(bytes.readableBytes, now: now) }
        case .end:
            guard self.exchange?.hasFailed != true else { return }
            self.exchange?.requestEnded()
            self.connection.change { state, _ in state.bodyEnded() }
            if self.exchange?.isAnswerEnded == true { self.endExchange() }
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if self.exchange?.isReadingBody == true {
            self.connection.change { state, now in state.bodyIsWanted(now: now) }
        }
        context.read()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ConnectionLimitHandler.BodyIsLate else { return context.fireUserInboundEventTriggered(event) }
        self.failBody(context, RequestTimeout())
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard !self.connection.isClosing else { return }
        guard self.exchange != nil else {
            // A client that has left in the middle of a head gets no answer.
            if context.channel.isActive { self.refuse(context, Self.status(for: error)) }
            return
        }
        self.failBody(context, error)
    }

    private func failBody(_ context: ChannelHandlerContext, _ error: any Error) {
        self.exchange?.bodyFailed()
        self.connection.change { state, _ in state.bodyEnded() }
        // Once the answer has been sent, no handler reads the body, so none can get the error.
        guard self.exchange?.isAnswerEnded == false else { return context.close(promise: nil) }
        context.fireErrorCaught(error)
    }

    private static func status(for error: HTTPParserError) -> HTTPResponseStatus {
        switch error {
        case .headerOverflow: .requestHeaderFieldsTooLarge
        case .invalidVersion: .httpVersionNotSupported
        default: .badRequest
        }
    }

    /// Answers instead of the application, which does not get the request.
    private func refuse(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus) {
        self.connection.change { state, now in state.closingBegan(now: now) }
        let head = HTTPResponseHead(
            version: .http1_1, status: status, headers: ["Connection": "close", "Content-Length": "0"])
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
    }

    // MARK: - The answer

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if self.exchange?.bodyIsWanted() == true {
            self.connection.change { state, now in state.bodyIsWanted(now: now) }
            let head = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(self.wrapOutboundOut(.head(head)), promise: nil)
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
        switch self.unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            self.exchange?.begin(&head, isFull: self.connections.isFull)
            context.write(self.wrapOutboundOut(.head(head)), promise: promise)
        case .head, .body: context.write(data, promise: promise)
        case .end: self.end(context, data: data, promise: promise)
        }
    }

    private func end(_ context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        self.exchange?.answerEnded()
        let isLast = self.exchange?.isLast == true
        if isLast {
            self.connection.change { state, now in state.closingBegan(now: now) }
        } else if self.exchange?.isRequestEnded == true {
            // Before the write, which may let the next request through.
            self.endExchange()
        }
        context.write(data, promise: promise)
        if isLast { context.flush() }
    }

    private func endExchange() {
        self.exchange = nil
        self.connection.change { state, now in state.exchangeEnded(now: now) }
    }
}
