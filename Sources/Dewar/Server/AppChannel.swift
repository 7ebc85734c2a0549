// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
package import NIOHTTPTypes

/// A connection of an application's server: HTTP/1 for Hummingbird, within limits, and with answers that end where
/// their heads say.
package struct AppChannel: HTTPChannelHandler {
    package typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    package let responder: HTTP1Channel.Responder
    package let limits: ServerLimits
    package let connections: OpenConnections
    let isSecure: Bool

    package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try Self.addHandlers(
                to: channel.pipeline.syncOperations, limits: self.limits, connections: self.connections,
                isSecure: self.isSecure, logger: logger)
            return try Self.wrap(channel)
        }
    }

    package func handle(value: Value, logger: Logger) async {
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
        let connection = try self.addLimits(to: pipeline, limits: limits, connections: connections, isSecure: isSecure)
        try self.addHTTP(
            to: pipeline, connection: connection.handler, limits: limits, connections: connections, isSecure: isSecure,
            logger: logger)
    }

    /// Adds what enforces the limits of a connection.
    static func addLimits(
        to pipeline: ChannelPipeline.SynchronousOperations, limits: ServerLimits, connections: OpenConnections,
        isSecure: Bool
    ) throws -> (handler: ConnectionLimitHandler, cutter: ConnectionCutter?) {
        let cutter = isSecure ? ConnectionCutter() : nil
        if let cutter { try pipeline.addHandler(cutter, position: .first) }
        let handler = ConnectionLimitHandler(
            limits: limits, connections: connections, cutter: cutter, now: pipeline.eventLoop.now)
        try pipeline.addHandler(handler)
        return (handler, cutter)
    }

    /// Adds what makes HTTP/1 of the bytes that a handler of limits lets pass.
    static func addHTTP(
        to pipeline: ChannelPipeline.SynchronousOperations, connection: ConnectionLimitHandler, limits: ServerLimits,
        connections: OpenConnections, isSecure: Bool, logger: Logger
    ) throws {
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits.decoding)
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        try pipeline.addHandler(
            ExchangeHandler(connection: connection, connections: connections, isSecure: isSecure, logger: logger))
    }

    /// The connection as Hummingbird takes it.
    static func wrap(_ channel: any Channel) throws -> Value {
        try NIOAsyncChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }
}

extension ServerLimits {
    /// The header fields that a request may have.
    package static let maximumFieldCount = 1000

    /// How large the parts of a head may be.
    fileprivate var decoding: NIOHTTPDecoderLimitConfiguration {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = self.maximumHeaderSize
        decoding.maxHeaderListSize = self.maximumHeaderSize
        decoding.maxHeaderFieldCount = Self.maximumFieldCount
        return decoding
    }
}
