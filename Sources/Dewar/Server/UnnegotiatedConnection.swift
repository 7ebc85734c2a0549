// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Logging
package import NIOCore

/// A connection whose protocol is not known yet, because its handshake is under way. It is held to the limits of one
/// that has sent no byte of a request.
package struct UnnegotiatedConnection {
    /// When the connection was opened.
    package let opened: NIODeadline
    /// Ends the connection without waiting for the client; nil without TLS.
    package let cutter: ConnectionCutter?
    private let app: AppChannel
    private let handler: ConnectionLimitHandler

    /// Adds what enforces the limits to the pipeline of a new connection.
    package init(of app: AppChannel, on pipeline: ChannelPipeline.SynchronousOperations) throws {
        self.app = app
        self.opened = pipeline.eventLoop.now
        (self.handler, self.cutter) = try AppChannel.addLimits(
            to: pipeline, limits: app.limits, connections: app.connections, isSecure: app.isSecure)
    }

    /// The connection speaks HTTP/1, and has the handlers of any such connection from now on.
    package func continueWithHTTP1(on channel: any Channel, logger: Logger) throws -> AppChannel.Value {
        try AppChannel.addHTTP(
            to: channel.pipeline.syncOperations, connection: self.handler, limits: self.app.limits,
            connections: self.app.connections, isSecure: self.app.isSecure, logger: logger)
        return try AppChannel.wrap(channel)
    }

    /// The connection speaks another protocol, whose handlers enforce the limits from now on.
    package func handOver(on pipeline: ChannelPipeline.SynchronousOperations) {
        pipeline.removeHandler(self.handler, promise: nil)
    }
}

@available(*, unavailable)
extension UnnegotiatedConnection: Sendable {}
