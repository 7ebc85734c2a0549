// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Follows the requests and answers of one connection, one after the other, between NIO's decoder and Hummingbird.
///
/// It holds a request back until the one before is answered, says `100 Continue` when a body is wanted, ends
/// connections as HTTP/1.0 and `Connection: close` ask for, lets no answer be longer or shorter than its head says, and
/// tells ``ConnectionLimitHandler`` what the connection is doing.
final class ExchangeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = IOData

    let connection: ConnectionLimitHandler
    let connections: OpenConnections
    private let isSecure: Bool
    let logger: Logger
    var exchange: Exchange?
    var framing = ResponseFraming()
    /// What has been written of answers, and goes on with the next flush.
    var output = ResponseBytes()
    var early = EarlyArrivals()
    /// Whether the server stops: the request that is under way is the last.
    var isStopping = false

    init(connection: ConnectionLimitHandler, connections: OpenConnections, isSecure: Bool, logger: Logger) {
        self.connection = connection
        self.connections = connections
        self.isSecure = isSecure
        self.logger = logger
    }

    // MARK: - The request

    /// Whether a request has been read, and is not answered yet.
    private var isAnswering: Bool { self.exchange?.isBeingAnswered == true }

    /// Whether no answer will follow to what arrives now.
    private var isDeaf: Bool {
        if self.connection.isClosing { return true }
        guard let exchange = self.exchange else { return self.isStopping }
        return exchange.hasFailed || (self.isStopping && exchange.isRequestEnded)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isDeaf else { return }
        let part = Self.unwrapInboundIn(data)
        if self.isAnswering || !self.early.isEmpty {
            self.early.append(.part(part))
        } else {
            self.handOn(part, context)
        }
    }

    private func handOn(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head): self.begin(head, context)
        case .body(let bytes):
            self.exchange?.bodyArrived(bytes.readableBytes)
            self.connection.change { state, now in state.bodyArrived(bytes.readableBytes, now: now) }
            context.fireChannelRead(Self.wrapInboundOut(.body(bytes)))
        case .end(let trailers):
            self.exchange?.requestEnded()
            self.connection.change { state in state.bodyEnded() }
            if self.exchange?.isAnswerEnded == true { self.endExchange() }
            context.fireChannelRead(Self.wrapInboundOut(.end(trailers.map { HTTPFields($0, splitCookie: false) })))
            if self.isStopping, self.exchange == nil { self.connection.finish() }
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let exchange = Exchange(head)
        self.exchange = exchange
        self.connection.change { state, now in state.requestBegan(bodyLength: exchange.length, now: now) }
        guard !exchange.expectation.isUnknown else { return self.refuse(context, .expectationFailed) }
        do {
            let head = head.namingHost(arrivedAt: context.channel.localAddress)
            context.fireChannelRead(Self.wrapInboundOut(.head(try HTTPRequest(head, isSecure: self.isSecure))))
        } catch {
            context.fireErrorCaught(error)
        }
    }

    func read(context: ChannelHandlerContext) {
        guard !self.isAnswering else {
            self.early.isReadWanted = true
            return
        }
        if self.exchange?.isReadingBody == true {
            self.connection.change { state, now in state.bodyIsWanted(now: now) }
        }
        context.read()
    }

    /// The request has been answered: hands on what came meanwhile, up to the end of the next request.
    func handOnEarlyArrivals(_ context: ChannelHandlerContext) {
        var isAnyPart = false
        while !self.isAnswering, let event = self.early.next() {
            switch event {
            case .part(let part):
                guard !self.isDeaf else { continue }
                self.handOn(part, context)
                isAnyPart = true
            case .malformed(let error): self.fail(context, error)
            case .inputClosed: self.closeInput(context)
            }
        }
        if isAnyPart { context.fireChannelReadComplete() }
        if self.early.nextIsInputClosed() { self.closeInput(context) }
        if self.early.isEmpty { self.connection.decodeHeld() }
        if self.early.isReadWanted, !self.isAnswering {
            self.early.isReadWanted = false
            self.read(context: context)
        }
    }

    private func closeInput(_ context: ChannelHandlerContext) {
        self.early.isReadWanted = false
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    // MARK: - Events and errors

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ConnectionLimitHandler.BodyIsLate: self.failBody(context, RequestTimeout())
        case is ChannelShouldQuiesceEvent: self.stop(context)
        case ChannelEvent.inputClosed where self.isAnswering && !self.early.isEmpty: self.early.append(.inputClosed)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func stop(_ context: ChannelHandlerContext) {
        self.isStopping = true
        self.early.removeAll()
        self.connection.dropHeld()
        if self.exchange == nil { self.connection.closeWhenSent() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.early.removeAll()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            // More bytes behind those that were malformed say nothing new.
            return error is ByteToMessageDecoderError ? () : self.lose(context, error)
        }
        // It is in what follows the request that is being answered.
        if self.isAnswering { self.early.append(.malformed(error)) } else { self.fail(context, error) }
    }

    /// The network or TLS has failed. The application learns that nothing more comes, and not of which kind the failure
    /// was: it cannot know the errors of all kinds of connections, and would take one for its own.
    private func lose(_ context: ChannelHandlerContext, _ error: any Error) {
        if self.exchange != nil { self.logger.debug("a connection has failed during a request: \(error)") }
        context.fireErrorCaught(ChannelError.inputClosed)
    }

    private func fail(_ context: ChannelHandlerContext, _ error: HTTPParserError) {
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
        self.connection.change { state in state.bodyFailed() }
        // Once the answer has been written, no handler reads the body, so none can get the error.
        guard self.exchange?.isAnswerEnded == false else { return self.connection.closeWhenSent() }
        context.fireErrorCaught(error)
    }

    private static func status(for error: HTTPParserError) -> HTTPResponse.Status {
        switch error {
        case .headerOverflow: .requestHeaderFieldsTooLarge
        case .invalidVersion: .httpVersionNotSupported
        default: .badRequest
        }
    }

    /// Answers instead of the application, which does not get the request.
    private func refuse(_ context: ChannelHandlerContext, _ status: HTTPResponse.Status) {
        self.connection.change { state, now in state.closingBegan(now: now) }
        let head = HTTPResponse(status: status, headerFields: [.connection: "close", .contentLength: "0"])
        self.output.write(head, isOld: false)
        self.flush(context: context)
    }

    func endExchange() {
        self.exchange = nil
        self.connection.change { state, now in state.exchangeEnded(now: now) }
    }
}

@available(*, unavailable)
extension ExchangeHandler: Sendable {}
