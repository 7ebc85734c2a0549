// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DequeModule
import NIOCore

/// One connection's queue of requests. Replies come in the order of the commands; each goes to the first request.
///
/// A connection in an unknown state is closed and never used again: after a reply that is late, bytes that are not a
/// reply, a reply that no request waits for, or the end of the stream.
final class RedisChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Entry {
        let request: RedisRequest
        let deadline: NIODeadline
        var replies: [RedisReply] = []
    }

    private let parser: ReplyParser
    /// How long a reply may take.
    private let timeout: TimeAmount
    /// How long the first reply may take; it includes TLS and the login.
    private var firstTimeout: TimeAmount?
    private var context: ChannelHandlerContext?
    private var line = Deque<Entry>()
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    private var isFlushing = false
    private var isDraining = false
    /// Why the connection closes.
    private var failure: RedisStoreError?

    init(parser: ReplyParser, timeout: TimeAmount, firstTimeout: TimeAmount) {
        self.parser = parser
        self.timeout = timeout
        self.firstTimeout = firstTimeout
    }

    // MARK: - Out

    func send(_ request: RedisRequest) {
        guard let context = self.context, self.failure == nil, !self.isDraining else {
            return request.end(.failure(RedisFailure.notSent(self.failure ?? .connectionLost)))
        }
        self.line.append(Entry(request: request, deadline: context.eventLoop.now + (self.firstTimeout ?? self.timeout)))
        self.firstTimeout = nil
        context.write(self.wrapOutboundOut(request.bytes), promise: nil)
        self.armTimer(context)
        guard !self.isFlushing else { return }
        // Requests of one event loop tick leave in one system call.
        self.isFlushing = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushing = false
            self.context?.flush()
        }
    }

    /// Takes no more requests, and closes the connection when its queue is empty.
    func drain() {
        self.isDraining = true
        if self.line.isEmpty { self.close(.connectionLost) }
    }

    // MARK: - In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.failure == nil else { return }
        do {
            try self.parser.feed(self.unwrapInboundIn(data))
            while self.failure == nil, let reply = try self.parser.next() { self.accept(reply) }
        } catch {
            self.close(error == .tooLarge ? .replyTooLarge : .malformedReply)
        }
    }

    private func accept(_ reply: RedisReply) {
        guard !self.line.isEmpty else { return self.close(.malformedReply) }
        self.line[0].replies.append(reply)
        let first = self.line[0]
        guard first.replies.count == first.request.count else { return }
        self.line.removeFirst()
        first.request.end(.success(first.replies))
        if let context = self.context { self.armTimer(context) }
        if self.isDraining, self.line.isEmpty { self.close(.connectionLost) }
    }

    // MARK: - The end

    func channelInactive(context: ChannelHandlerContext) {
        self.fail(self.failure ?? .connectionLost)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An open connection that reports a system error is lost, whatever the error.
        self.close(error is IOError ? .connectionLost : RedisStoreError(connecting: error))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.fail(self.failure ?? .connectionLost)
    }

    private func close(_ error: RedisStoreError) {
        self.fail(error)
        self.context?.close(promise: nil)
    }

    private func fail(_ error: RedisStoreError) {
        self.failure = self.failure ?? error
        self.timer?.task.cancel()
        self.timer = nil
        while let entry = self.line.popFirst() { entry.request.end(.failure(RedisFailure.lost(error))) }
    }

    // MARK: - Time

    /// One timer, for the first request: no request behind it has waited longer. It may be set for an earlier one, and
    /// then goes on; but the first request of all may wait longer than those that come when it is answered.
    private func armTimer(_ context: ChannelHandlerContext) {
        guard let deadline = self.line.first?.deadline, self.timer.map({ deadline < $0.deadline }) ?? true else {
            return
        }
        self.timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timer = nil
            guard let first = self.line.first else { return }
            guard first.deadline <= context.eventLoop.now else { return self.armTimer(context) }
            self.close(.replyTimedOut)
        }
        self.timer = (task, deadline)
    }
}
