// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// Enforces the timeouts of one connection. It sees the bytes that arrive and leave; ``ExchangeHandler`` reports the
/// rest.
///
/// It also lingers before it closes. A connection that the server closes while the client still sends is reset, and the
/// client may then never see the answer that says why.
final class ConnectionLimitHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// Tells ``ExchangeHandler`` that the body of its request is late.
    struct BodyIsLate {}

    /// Whether the last answer has been sent.
    private enum LastFlush {
        case ahead, awaited, done
    }

    private let connections: OpenConnections
    /// Over TLS alone: without it, a close takes effect at once.
    private let cutter: ConnectionCutter?
    private(set) var state: ConnectionState
    private(set) var context: ChannelHandlerContext?
    /// The connection's number among all of the server.
    private var number: Int?
    private var timer = DeadlineTimer()
    private var lastFlush = LastFlush.ahead
    /// Whether TLS has told the client that nothing follows, and waits for the same from it. A request that arrives now
    /// gets no answer, so that its client sends it again: it must not be done here.
    private(set) var hasSaidGoodbye = false
    /// The bytes that waited for the client when the handler last looked.
    private var unsent = 0
    /// Whether this handler has asked for bytes behind the current request.
    private var hasReadAhead = false
    /// What came behind the request that is being answered.
    var held = HeldBytes()

    init(limits: ServerLimits, connections: OpenConnections, cutter: ConnectionCutter?, now: NIODeadline) {
        self.connections = connections
        self.cutter = cutter
        self.state = ConnectionState(limits: limits, now: now)
    }

    var isClosing: Bool { self.state.stage == .closing }

    /// Changes the state, and sets the timer to the new deadline.
    func change(_ body: (inout ConnectionState, NIODeadline) -> Void) {
        guard let context = self.context else { return }
        let (before, now) = (self.state.stage, context.eventLoop.now)
        body(&self.state, now)
        if self.state.stage != before { self.stageChanged(from: before, now: now) }
        self.setTimer(context)
    }

    /// Changes the state without a look at the clock.
    func change(_ body: (inout ConnectionState) -> Void) {
        body(&self.state)
        if let context = self.context { self.setTimer(context) }
    }

    private func stageChanged(from before: ConnectionState.Stage, now: NIODeadline) {
        if self.state.stage != .exchange { self.hasReadAhead = false }
        guard let number = self.number else { return }
        if self.state.stage == .waiting {
            self.connections.waits(number, since: now)
        } else if before == .waiting {
            self.connections.works(number)
        }
    }

    // MARK: - Time

    private func setTimer(_ context: ChannelHandlerContext) {
        self.timer.set(self.state.deadline?.at, on: context.eventLoop) { self.timerFired() }
    }

    private func timerFired() {
        self.timer.fired()
        guard let context = self.context, let (deadline, expiry) = self.state.deadline else { return }
        guard deadline <= context.eventLoop.now else { return self.setTimer(context) }
        if self.state.isSending, expiry == .close, self.hasSentSome(context) {
            return self.change { state, now in state.sendingProgressed(now: now) }
        }
        switch expiry {
        // The client reads: no more is unsent than the network takes at once. The end of its last answer goes first.
        case .close where self.state.stage == .waiting && !self.state.isSending: self.closeWhenSent()
        case .close: self.end(context)
        case .refuseHead: self.refuseHead(context)
        case .failBody:
            self.change { state in state.bodyEnded() }
            context.fireUserInboundEventTriggered(BodyIsLate())
        }
    }

    /// Whether the client has read some of what waited for it since the handler last looked. The channel itself tells
    /// only when almost all of it has been read, which may take a slow client longer than the limit.
    private func hasSentSome(_ context: ChannelHandlerContext) -> Bool {
        let before = self.unsent
        self.countUnsent(context)
        return self.unsent < before
    }

    private func countUnsent(_ context: ChannelHandlerContext) {
        self.unsent = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// The time is up. A client that still reads is told that the connection ends, and one that does not is cut off.
    private func end(_ context: ChannelHandlerContext) {
        let waitsForClient = context.channel.isWritable && !self.isClosing
        self.hasSaidGoodbye = self.cutter != nil
        context.close(promise: nil)
        if waitsForClient { self.cutter?.cut(after: ConnectionTimes.linger) } else { self.cutter?.cut() }
    }

    private static let lateHead = """
        HTTP/1.1 408 Request Timeout\r
        Connection: close\r
        Content-Length: 0\r
        \r

        """

    /// There is no request yet that the application could answer (RFC 9110, section 15.5.9).
    private func refuseHead(_ context: ChannelHandlerContext) {
        self.change { state, now in state.closingBegan(now: now) }
        context.write(self.wrapOutboundOut(.byteBuffer(ByteBuffer(string: Self.lateHead))), promise: nil)
        self.flush(context: context)
    }

    // MARK: - Events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.number = self.connections.entered(context.channel, since: context.eventLoop.now)
        self.setTimer(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.timer.cancel()
        self.context = nil
        if let number = self.number { self.connections.left(number) }
        self.number = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        if self.held.isEmpty { self.decode(&bytes, context) }
        if bytes.readableBytes > 0, self.isListening { self.held.append(bytes) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // The application no longer reads. Without a read, the server would not notice that the client has closed.
        if self.isClosing { context.read() } else { self.readAhead(context) }
    }

    /// Lets one read of the connection wait for the next request while this one is answered.
    ///
    /// ``ExchangeHandler`` passes no read on meanwhile. NIO would then take the socket out of its selector and
    /// put it in again, two system calls for each request. A client that sends its next requests early is read once
    /// more, and then not before it has its answers to them: what is held is bounded by what one read brings.
    private func readAhead(_ context: ChannelHandlerContext) {
        guard self.state.isBeingAnswered, !self.hasReadAhead, self.held.isEmpty else { return }
        self.hasReadAhead = true
        context.read()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        if !isWritable { self.countUnsent(context) }
        self.change { state, now in state.writabilityChanged(isWritable, now: now) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is OpenConnections.MakeRoom: self.change { state in state.roomIsNeeded() }
        case ChannelEvent.inputClosed where self.lastFlush == .done: context.close(promise: nil)
        case ChannelEvent.inputClosed where !self.held.isEmpty && !self.isClosing: self.held.isInputClosed = true
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: - Closing

    func flush(context: ChannelHandlerContext) {
        guard self.isClosing, self.lastFlush == .ahead else {
            context.flush()
            // What has been written since the channel was full counts as well, or a client that reads all the time would
            // seem to have read nothing of it.
            if !context.channel.isWritable { self.countUnsent(context) }
            return
        }
        self.lastFlush = .awaited
        // An empty write completes when everything before it has been sent.
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in self.lastWriteEnded() }
        context.writeAndFlush(self.wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: promise)
        self.countUnsent(context)
    }

    private func lastWriteEnded() {
        guard let context = self.context else { return }
        self.lastFlush = .done
        self.change { state, now in state.closingFlushed(now: now) }
        context.close(mode: .output, promise: nil)
        context.read()
    }

    /// Closes the connection, which gets no further answer. What has been written is sent first: to close at once would
    /// lose what the network has not taken yet.
    func closeWhenSent() {
        guard let context = self.context, !self.isClosing else { return }
        self.countUnsent(context)
        guard self.unsent > 0 else { return self.close(context: context, mode: .all, promise: nil) }
        self.finish()
    }

    /// Sends what has been written, and ends the connection as after any last answer.
    func finish() {
        guard let context = self.context, !self.isClosing else { return }
        self.change { state, now in state.closingBegan(now: now) }
        self.flush(context: context)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .all where self.isClosing:
            // The connection is closed when the time is up, or when the client has closed its side.
            context.channel.closeFuture.cascade(to: promise)
        case .output where self.isClosing:
            // The output is closed as soon as the last answer has been sent.
            promise?.succeed()
        case .output:
            self.change { state, now in state.closingBegan(now: now) }
            self.flush(context: context)
            promise?.succeed()
        case .input where self.isClosing:
            // The connection's task was cancelled: the server waits no longer.
            context.close(promise: promise)
            self.cutter?.cut()
        case .all, .input:
            self.hasSaidGoodbye = self.cutter != nil
            // TLS cannot close one side of a connection for reading.
            context.close(mode: self.cutter == nil ? mode : .all, promise: promise)
            self.cutter?.cut(after: ConnectionTimes.linger)
        }
    }
}
