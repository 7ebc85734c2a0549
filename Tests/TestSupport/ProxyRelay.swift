// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// One direction of a connection through a ``TestProxy``.
final class ProxyRelay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// What is done with some bytes.
    enum Action: Sendable {
        case pass(after: Int64)
        case cut(after: Int)
        case hold
    }

    private let peer: any Channel
    private let action: (_ length: Int) -> Action

    init(to peer: any Channel, _ action: @escaping (_ length: Int) -> Action) {
        self.peer = peer
        self.action = action
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let (buffer, peer, channel) = (self.unwrapInboundIn(data), self.peer, context.channel)
        switch self.action(buffer.readableBytes) {
        case .hold: break
        case .pass(0): peer.writeAndFlush(buffer, promise: nil)
        case .pass(let delay):
            context.eventLoop.scheduleTask(in: .milliseconds(delay)) { peer.writeAndFlush(buffer, promise: nil) }
        case .cut(let count):
            peer.writeAndFlush(
                buffer.getSlice(at: buffer.readerIndex, length: min(count, buffer.readableBytes)) ?? buffer
            )
            .whenComplete { _ in
                peer.close(promise: nil)
                channel.close(promise: nil)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.peer.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
