// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// Where a connection of the fuzzer meets the network, which may take nothing for a while.
final class FuzzWire: ChannelOutboundHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    private(set) var isBlocked = false
    private var written: [ByteBuffer] = []
    private var context: ChannelHandlerContext?

    /// The network takes nothing from now on, or again what there is.
    func block(_ isBlocked: Bool) {
        self.isBlocked = isBlocked
        if !isBlocked { self.context?.flush() }
    }

    /// What the server has written since the last call, whether the network has taken it or not.
    func takeWritten() -> [ByteBuffer] {
        defer { self.written = [] }
        return self.written
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .byteBuffer(let bytes) = Self.unwrapOutboundIn(data) else { return }
        // No client gets what is written to a connection that is closed.
        if context.channel.isActive { self.written.append(bytes) }
        context.write(Self.wrapOutboundOut(bytes), promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        if !self.isBlocked { context.flush() }
    }

    /// A channel without a network has no halves that could be closed.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if case .output = mode { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
}
