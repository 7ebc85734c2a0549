// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// Sees the bytes of an HTTP/2 connection, between TLS and NIO's handler of frames, and tells ``HTTP2Connection``.
final class ConnectionBytesHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let connection: HTTP2Connection
    private var context: ChannelHandlerContext?
    private var scanner = FrameScanner()
    private var acknowledgement = SettingsAcknowledgement()

    init(_ connection: HTTP2Connection) {
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.connection.isClosing else { return }
        let before = (isInHead: self.scanner.isInHead, heads: self.scanner.heads)
        let bytes = Self.unwrapInboundIn(data)
        self.scanner.scan(bytes) { stream in self.connection.pieceArrived(on: stream) }
        context.fireChannelRead(Self.wrapInboundOut(self.acknowledgement.rewrite(bytes)))
        // A head that ends and another that begins: the time of that one begins too.
        if before.isInHead != self.scanner.isInHead || before.heads != self.scanner.heads {
            self.connection.isReadingHead(self.scanner.isInHead)
        }
    }

    /// The streams have now handed on what they could.
    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        self.connection.checkUnread()
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        self.connection.hasFlushed()
    }

    /// Calls a function when everything that has been written is sent.
    func whenSent(_ action: @escaping () -> Void) {
        guard let context = self.context else { return }
        // An empty write completes when everything before it has been sent.
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { _ in action() }
        context.writeAndFlush(Self.wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: promise)
        self.connection.hasFlushed()
    }
}

@available(*, unavailable)
extension ConnectionBytesHandler: Sendable {}
