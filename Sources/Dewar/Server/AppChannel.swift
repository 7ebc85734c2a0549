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
    private let isSecure: Bool

    init(
        responder: @escaping HTTP1Channel.Responder, limits: ServerLimits, connections: OpenConnections, scheme: String
    ) {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.maximumHeaderSize, maxHeaderListSize: limits.maximumHeaderSize)
        let isSecure = scheme == "https"
        self.channel = HTTP1Channel(
            responder: { request, writer, channel in
                let request = request.announcingBody(on: channel)
                try await responder(isSecure ? request.overTLS : request, writer, channel)
            }, configuration: HTTP1Channel.Configuration(httpDecoderConfiguration: decoder))
        self.limits = limits
        self.connections = connections
        self.isSecure = isSecure
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        self.channel.setup(channel: channel, logger: logger).flatMapThrowing { value in
            try Self.addHandlers(
                to: channel.pipeline.syncOperations, limits: self.limits, connections: self.connections,
                isSecure: self.isSecure, logger: logger)
            return value
        }
    }

    func handle(value: Value, logger: Logger) async {
        await self.channel.handle(value: value, logger: logger)
    }

    /// Adds the handlers that enforce the limits to a pipeline that reads HTTP/1. The one for timeouts comes before those
    /// of HTTP and sees all bytes of HTTP; what decrypts them stands before it. Next to the decoder, where an answer has its final form, `ResponseFraming` checks its length.
    /// Then NIO's own handler holds a request back until the one before is answered, and `ExchangeHandler` follows the
    /// exchanges.
    static func addHandlers(
        to pipeline: ChannelPipeline.SynchronousOperations, limits: ServerLimits, connections: OpenConnections,
        isSecure: Bool = false, logger: Logger
    ) throws {
        let encoder = try pipeline.handler(type: HTTPResponseEncoder.self)
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let cutter = isSecure ? ConnectionCutter() : nil
        if let cutter { try pipeline.addHandler(cutter, position: .first) }
        let connection = ConnectionLimitHandler(
            limits: limits, connections: connections, cutter: cutter, now: pipeline.eventLoop.now)
        let exchanges = ExchangeHandler(connection: connection, connections: connections)
        try pipeline.addHandler(connection, position: .before(encoder))
        let handlers: [any ChannelHandler] = [
            ResponseFraming(logger: logger), RequestHost(), HTTPServerPipelineHandler(), exchanges,
        ]
        try pipeline.addHandlers(handlers, position: .after(decoder))
    }
}

extension HummingbirdCore.Request {
    /// The request with the scheme of its connection, which HTTP/1 does not tell.
    fileprivate var overTLS: HummingbirdCore.Request {
        var head = self.head
        head.scheme = "https"
        return HummingbirdCore.Request(head: head, body: self.body)
    }
}
