// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import NIOCore

/// Ends a connection over TLS without waiting for the client.
///
/// A close over TLS first sends what is left, and then waits for the client to say that it closes too. A client that
/// reads nothing would hold its connection longer than the limits allow. This handler stands between TLS and the
/// network, where a close takes effect at once.
package final class ConnectionCutter: ChannelOutboundHandler, RemovableChannelHandler {
    package typealias OutboundIn = IOData
    package typealias OutboundOut = IOData

    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?

    package init() {}

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.timer = nil
        self.context = nil
    }

    /// Ends the connection now.
    package func cut() {
        self.context?.close(promise: nil)
    }

    /// Ends the connection after a time, if the client has not let it end by then.
    package func cut(after time: TimeAmount) {
        guard let context = self.context, self.timer == nil else { return }
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.cut() }
    }
}

@available(*, unavailable)
extension ConnectionCutter: Sendable {}
