// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Logging
import NIOCore
import NIOHTTP2

/// Enforces the limits of one HTTP/2 connection, and ends it. It stands behind NIO's handler of frames.
final class HTTP2Connection: ChannelDuplexHandler, NIOHTTP2FrameDelegate {
    typealias InboundIn = HTTP2Frame
    typealias InboundOut = HTTP2Frame
    typealias OutboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let connections: OpenConnections
    /// Over TLS alone: without it, a close takes effect at once.
    private let cutter: ConnectionCutter?
    private let meter: NetworkMeter
    private let opened: NIODeadline
    private let logger: Logger
    private var state: HTTP2ConnectionState
    private var context: ChannelHandlerContext?
    /// The connection's number among all of the server.
    private var number: Int?
    private var timer = DeadlineTimer()
    private var unread = UnreadPieces()
    /// Whether NIO has found a mistake of the client after which the connection has no meaning.
    private var hasFailed = false
    var bytes: ConnectionBytesHandler?

    init(
        limits: ServerLimits, connections: OpenConnections, cutter: ConnectionCutter?, meter: NetworkMeter,
        opened: NIODeadline, logger: Logger
    ) {
        self.connections = connections
        self.cutter = cutter
        self.meter = meter
        self.opened = opened
        self.logger = logger
        self.state = HTTP2ConnectionState(limits: limits, opened: opened)
    }

    var isClosing: Bool { self.state.stage == .closing }

    /// Whether bytes wait for the client, so that what a stream has not sent may be behind them.
    var isSending: Bool { self.meter.waiting > 0 }

    /// Changes the state, and sets the timer to the new deadline.
    private func change(_ body: (inout HTTP2ConnectionState, NIODeadline) -> Void) {
        guard let context = self.context else { return }
        let (wasIdle, now) = (self.state.isIdle, context.eventLoop.now)
        body(&self.state, now)
        if let number = self.number, self.state.stage == .open, self.state.isIdle != wasIdle {
            if wasIdle { self.connections.works(number) } else { self.connections.waits(number, since: now) }
        }
        self.setTimer(context)
    }

    // MARK: - Time

    private func setTimer(_ context: ChannelHandlerContext) {
        self.timer.set(self.state.deadline?.at, on: context.eventLoop) { self.timerFired() }
    }

    private func timerFired() {
        self.timer.fired()
        guard let context = self.context, let (deadline, expiry) = self.state.deadline else { return }
        let now = context.eventLoop.now
        guard deadline <= now else { return self.setTimer(context) }
        switch expiry {
        case .leave where self.state.isReadingAnswer && self.isSending:
            self.change { state, now in state.idleTimeBegins(now: now) }
        case .leave: self.leave()
        case .cut:
            let hasProgressed = self.state.hasProgressed(
                waiting: self.meter.waiting, taken: self.meter.taken, now: now)
            if hasProgressed { self.setTimer(context) } else { self.cut(context) }
        }
    }

    // MARK: - Streams and bytes

    func streamOpened(_ id: HTTP2StreamID) {
        self.unread.streamOpened(id)
        self.change { state, _ in state.streamOpened(id) }
    }

    func streamClosed(_ id: HTTP2StreamID) {
        self.unread.streamClosed(id)
        self.change { state, now in state.streamClosed(now: now) }
        guard self.state.streams == 0, let context = self.context else { return }
        // The frame that closes the stream is being written.
        context.eventLoop.assumeIsolated().execute { self.lastStreamEnded() }
    }

    private func lastStreamEnded() {
        if self.state.isIdle, self.connections.isFull { self.leave() }
        if self.state.stage == .leaving { self.finish() }
    }

    /// A piece of a body, or another frame that waits in its stream.
    func pieceArrived(on id: HTTP2StreamID) {
        self.unread.arrived(on: id)
    }

    /// The application has what has come of a body, and asks for more.
    func bodyIsTaken(on id: HTTP2StreamID) {
        self.unread.areTaken(on: id)
    }

    /// Ends the connection if it keeps the server's memory full of tiny pieces.
    func checkUnread() {
        self.unread.forgetOthers()
        guard self.unread.isTooMany, let context = self.context, !self.isClosing else { return }
        self.logger.debug("an HTTP/2 connection is closed: its client sends too many pieces that no handler reads")
        self.writeGoAway(.enhanceYourCalm, context)
        self.change { state, _ in state.close() }
        self.end()
    }

    /// The header fields of a request have begun, or ended.
    func isReadingHead(_ isReading: Bool) {
        self.change { state, now in state.readsHead(isReading, now: now) }
    }

    func hasFlushed() {
        guard self.isSending else { return }
        let taken = self.meter.taken
        self.change { state, now in state.sends(taken: taken, now: now) }
    }

    // MARK: - Ending

    /// Tells the client that it can open no more streams (RFC 9113, section 6.8), and closes the connection behind the
    /// last one. The client can send again what the server has not begun.
    func leave() {
        guard let context = self.context, self.state.stage == .open else { return }
        self.change { state, _ in state.leave() }
        self.writeGoAway(.noError, context)
        self.finish()
    }

    private func writeGoAway(_ code: NIOHTTP2.HTTP2ErrorCode, _ context: ChannelHandlerContext) {
        let frame = HTTP2Frame(
            streamID: .rootStream,
            payload: .goAway(lastStreamID: self.state.lastStreamID, errorCode: code, opaqueData: nil))
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: nil)
    }

    private func finish() {
        guard self.state.stage == .leaving, self.state.streams == 0 else { return }
        self.change { state, _ in state.close() }
        self.bytes?.whenSent { self.end() }
    }

    /// Everything has been sent. What the client still sends is dropped for a while: a connection that is closed while
    /// bytes arrive is reset, and may lose its answers.
    private func end() {
        self.context?.close(promise: nil)
        self.cutter?.cut(after: ConnectionTimes.linger)
    }

    private func cut(_ context: ChannelHandlerContext) {
        context.close(promise: nil)
        self.cutter?.cut()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        context.close(promise: promise)
        if case .input = mode {
            // The connection's task was cancelled: the server waits no longer.
            self.cutter?.cut()
        } else {
            self.cutter?.cut(after: ConnectionTimes.linger)
        }
    }

    // MARK: - Events and errors

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.number = self.connections.entered(context.channel, since: self.opened)
        self.setTimer(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.timer.cancel()
        self.context = nil
        self.bytes = nil
        if let number = self.number { self.connections.left(number) }
        self.number = nil
    }

    /// Frames of the connection itself, which NIO has answered.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is OpenConnections.MakeRoom: self.change { state, _ in state.roomIsNeeded() }
        case is ChannelShouldQuiesceEvent, ChannelEvent.inputClosed: self.leave()
        default: break
        }
    }

    /// NIO tells of a mistake in one stream and of one that ends the connection in the same way, but writes a frame of
    /// GOAWAY before the latter.
    func wroteFrame(_ frame: HTTP2Frame) {
        if case .goAway(_, let code, _) = frame.payload, code != .noError { self.hasFailed = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Once the server leaves, NIO cannot write that frame any more.
        let cannotTell = error is NIOHTTP2Errors.RaisedGoawayLastStreamID
        guard self.hasFailed || cannotTell || !(error is any NIOHTTP2Error) else { return }
        self.logger.debug("an HTTP/2 connection is closed: \(error)")
        self.change { state, _ in state.close() }
        self.end()
    }
}

@available(*, unavailable)
extension HTTP2Connection: Sendable {}
