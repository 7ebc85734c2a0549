// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A connection of an application's server: HTTP/1 as Hummingbird makes it, within limits, and with answers that end
/// where their heads say.
struct AppChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    private let channel: HTTP1Channel
    private let limits: ServerLimits
    private let connections: OpenConnections

    init(responder: @escaping HTTP1Channel.Responder, limits: ServerLimits, connections: OpenConnections) {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.maximumHeaderSize, maxHeaderListSize: limits.maximumHeaderSize)
        self.channel = HTTP1Channel(
            responder: { request, writer, channel in
                try await responder(request.announcingBody(on: channel), writer, channel)
            }, configuration: HTTP1Channel.Configuration(httpDecoderConfiguration: decoder))
        self.limits = limits
        self.connections = connections
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        self.channel.setup(channel: channel, logger: logger).flatMapThrowing { value in
            try Self.addHandlers(
                to: channel.pipeline.syncOperations, limits: self.limits, connections: self.connections, logger: logger)
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        await self.channel.handle(value: value, logger: logger)
    }

    /// Adds the handlers that enforce the limits to a pipeline that reads HTTP/1. The one for timeouts comes first and
    /// sees all bytes. Next to the decoder, where an answer has its final form, `ResponseFraming` checks its length.
    /// Then NIO's own handler holds a request back until the one before is answered, and `ExchangeHandler` follows the
    /// exchanges.
    static func addHandlers(
        to pipeline: ChannelPipeline.SynchronousOperations, limits: ServerLimits, connections: OpenConnections,
        logger: Logger
    ) throws {
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let connection = ConnectionLimitHandler(limits: limits, connections: connections, now: pipeline.eventLoop.now)
        let exchanges = ExchangeHandler(connection: connection, connections: connections)
        try pipeline.addHandler(connection, position: .first)
        let handlers: [any ChannelHandler] = [
            ResponseFraming(logger: logger), RequestHost(), HTTPServerPipelineHandler(), exchanges,
        ]
        try pipeline.addHandlers(handlers, position: .after(decoder))
    }
}
