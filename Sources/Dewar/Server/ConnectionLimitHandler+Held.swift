// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// The way of a request's bytes to the decoder. What a client sends behind a request waits until that one is answered.
extension ConnectionLimitHandler {
    var isListening: Bool { self.state.isListening && !self.hasSaidGoodbye }

    /// Hands bytes on up to the end of a request.
    func decode(_ bytes: inout ByteBuffer, _ context: ChannelHandlerContext) {
        while bytes.readableBytes > 0, self.isListening, !self.state.isBeingAnswered,
            let piece = bytes.readSlice(length: bytes.nextPiece(bodyRest: self.state.bodyRest))
        {
            self.change { state, now in state.bytesArrived(now: now) }
            context.fireChannelRead(self.wrapInboundOut(piece))
        }
    }

    /// The request has been answered: what came meanwhile follows, up to the end of the next request.
    func decodeHeld() {
        guard let context = self.context, !self.held.isEmpty, !self.state.isBeingAnswered else { return }
        while self.isListening, !self.state.isBeingAnswered, var bytes = self.held.next() {
            self.decode(&bytes, context)
            if bytes.readableBytes > 0 { self.held.putBack(bytes) }
        }
        context.fireChannelReadComplete()
        if self.held.isEmpty, self.held.isInputClosed {
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    /// The requests behind the current one are not answered.
    func dropHeld() {
        self.held.removeAll()
    }
}
