// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOTLS

/// Waits for the end of the TLS handshake, in which client and server agree on a protocol (ALPN, RFC 7301), and leaves
/// the pipeline to the handlers of that protocol.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Adds the handlers of a protocol, by its name in the handshake; nil where the client named none.
    private let begin: (String?) throws -> NegotiatedConnection
    private var promise: EventLoopPromise<NegotiatedConnection>?

    init(
        promise: EventLoopPromise<NegotiatedConnection>, begin: @escaping (String?) throws -> NegotiatedConnection
    ) {
        self.promise = promise
        self.begin = begin
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted(let name) = event {
            self.agreed(on: name, context)
        } else if event is ChannelShouldQuiesceEvent {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
        if self.promise == nil { context.pipeline.syncOperations.removeHandler(self, promise: nil) }
    }

    private func agreed(on name: String?, _ context: ChannelHandlerContext) {
        guard let promise = self.promise else { return }
        self.promise = nil
        do {
            promise.succeed(try self.begin(name))
        } catch {
            promise.fail(error)
            context.close(promise: nil)
        }
    }

    /// The handshake has failed, or the network.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.promise?.fail(ChannelError.eof)
        self.promise = nil
    }
}

@available(*, unavailable)
extension HandshakeHandler: Sendable {}
