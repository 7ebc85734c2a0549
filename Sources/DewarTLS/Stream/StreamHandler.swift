// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2

/// Follows the request and the answer of one stream, between NIO's codec and Hummingbird, as an HTTP/1 connection's
/// handlers do for each of its requests.
final class StreamHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ServerLimits
    /// Whether the connection has no room for this stream.
    private let isRefused: Bool
    /// Tells the connection that the application has what has come of the body.
    private let bodyIsTaken: () -> Void
    /// Whether other bytes of the connection wait for the client.
    private let isConnectionSending: () -> Bool
    let logger: Logger
    private var clock: StreamClock
    private var timer = DeadlineTimer()
    private var context: ChannelHandlerContext?
    /// Nil until the head of the request has come.
    var exchange: StreamExchange?
    var length = ResponseLength()

    init(
        limits: ServerLimits, isRefused: Bool, bodyIsTaken: @escaping () -> Void,
        isConnectionSending: @escaping () -> Bool, logger: Logger
    ) {
        self.limits = limits
        self.isRefused = isRefused
        self.bodyIsTaken = bodyIsTaken
        self.isConnectionSending = isConnectionSending
        self.logger = logger
        self.clock = StreamClock(limits)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.timer.cancel()
        self.context = nil
    }

    // MARK: - Time

    /// Changes the clock, and sets the timer to the new deadline. Most answers are sent when they are flushed, and need
    /// no timer: what is written is counted by ``count(written:)``.
    func change(_ body: (inout StreamClock, NIODeadline) -> Void) {
        guard let context = self.context else { return }
        body(&self.clock, context.eventLoop.now)
        self.setTimer(context)
    }

    /// Counts bytes of an answer that go on with the next flush.
    func count(written count: Int) {
        guard let context = self.context else { return }
        self.clock.wrote(count, now: context.eventLoop.now)
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        self.setTimer(context)
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        self.timer.set(self.clock.deadline?.at, on: context.eventLoop) { self.timerFired() }
    }

    private func timerFired() {
        self.timer.fired()
        guard let context = self.context, let (deadline, expiry) = self.clock.deadline else { return }
        guard deadline <= context.eventLoop.now else { return self.setTimer(context) }
        switch expiry {
        case .failBody: self.failBody(context)
        case .reset where self.isConnectionSending():
            self.change { clock, now in clock.waitedForConnection(now: now) }
        case .reset: self.reset(.cancel, context)
        }
    }

    // MARK: - The request

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): self.begin(head, context)
        case .body(let bytes):
            self.exchange?.bodyArrived()
            self.change { clock, now in clock.bodyArrived(bytes.readableBytes, now: now) }
            if self.exchange?.takesBody == true { context.fireChannelRead(data) }
        case .end:
            self.exchange?.requestEnded()
            self.change { clock, _ in clock.bodyEnded() }
            if self.exchange?.takesBody == true { context.fireChannelRead(data) }
        }
    }

    private func begin(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        guard !self.isRefused else { return self.reset(.refusedStream, context) }
        guard let head = head.arrivedOverHTTP2() else { return self.reset(.protocolError, context) }
        let exchange = StreamExchange(head)
        self.exchange = exchange
        guard head.isWithin(self.limits) else { return self.refuse(.requestHeaderFieldsTooLarge, context) }
        guard head.method != .connect else { return self.refuse(.notImplemented, context) }
        guard !exchange.expectation.isUnknown else { return self.refuse(.expectationFailed, context) }
        self.change { clock, _ in clock.requestBegan() }
        context.fireChannelRead(Self.wrapInboundOut(.head(head)))
    }

    func read(context: ChannelHandlerContext) {
        self.bodyIsTaken()
        if self.exchange?.isReadingBody == true {
            self.change { clock, now in clock.bodyIsWanted(now: now) }
        }
        context.read()
    }

    private func failBody(_ context: ChannelHandlerContext) {
        self.exchange?.failed()
        self.change { clock, _ in clock.bodyEnded() }
        context.fireErrorCaught(RequestTimeout())
    }

    /// Answers instead of the application, which does not get the request.
    private func refuse(_ status: HTTPResponse.Status, _ context: ChannelHandlerContext) {
        self.exchange?.failed()
        self.begin(HTTPResponse(status: status, headerFields: [.contentLength: "0"]), nil, context)
        self.end(nil, nil, context)
        self.flush(context: context)
    }

    // MARK: - Events and errors

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The server stops: the connection knows it, and this stream is finished.
        guard !(event is ChannelShouldQuiesceEvent) else { return }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // NIO's codec finds some mistakes of the client; of all others the stream is reset already.
        if !(error is any NIOHTTP2Error) { self.reset(.protocolError, context) }
        // The application learns of it what it would over HTTP/1, and not what went wrong in which frame.
        context.fireErrorCaught(ChannelError.inputClosed)
    }

    func reset(_ code: NIOHTTP2.HTTP2ErrorCode, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        self.exchange?.failed()
        context.triggerUserOutboundEvent(NIOHTTP2FramePayloadToHTTPEvent.reset(code: code), promise: nil)
    }
}

@available(*, unavailable)
extension StreamHandler: Sendable {}
