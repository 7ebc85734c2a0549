// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// A connection of an application's server: HTTP/1 for Hummingbird, within limits, and with answers that end where
/// their heads say.
struct AppChannel: HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: HTTP1Channel.Responder
    let limits: ServerLimits
    let connections: OpenConnections
    let isSecure: Bool

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try Self.addHandlers(
                to: channel.pipeline.syncOperations, limits: self.limits, connections: self.connections,
                isSecure: self.isSecure, logger: logger)
            return try NIOAsyncChannel(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    func handle(value: Value, logger: Logger) async {
        await self.handleHTTP(asyncChannel: value, logger: logger)
    }

    /// Adds what turns bytes into requests, and answers into bytes, to a pipeline.
    ///
    /// There are as few handlers as can be, because each costs time for each part of a request: one that sees all bytes
    /// of HTTP and has the timeouts (what decrypts them stands before it), NIO's decoder, and one that follows requests
    /// and answers.
    static func addHandlers(
        to pipeline: ChannelPipeline.SynchronousOperations, limits: ServerLimits, connections: OpenConnections,
        isSecure: Bool = false, logger: Logger
    ) throws {
        let cutter = isSecure ? ConnectionCutter() : nil
        if let cutter { try pipeline.addHandler(cutter, position: .first) }
        let connection = ConnectionLimitHandler(
            limits: limits, connections: connections, cutter: cutter, now: pipeline.eventLoop.now)
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits.decoding)
        try pipeline.addHandler(connection)
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        try pipeline.addHandler(
            ExchangeHandler(connection: connection, connections: connections, isSecure: isSecure, logger: logger))
    }
}

extension ServerLimits {
    /// How large the parts of a head may be.
    fileprivate var decoding: NIOHTTPDecoderLimitConfiguration {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = self.maximumHeaderSize
        decoding.maxHeaderListSize = self.maximumHeaderSize
        decoding.maxHeaderFieldCount = 1000
        return decoding
    }
}
