// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypesHTTP2

/// A connection that speaks HTTP/2 (RFC 9113): each of its streams is one request and its answer, and is for
/// Hummingbird what a connection with one request would be.
struct HTTP2Channel: Sendable {
    typealias Streams<Stream: Sendable> = NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>

    struct Connection: Sendable {
        fileprivate let channel: any Channel
        fileprivate let streams: Streams<AppChannel.Value>
        fileprivate let running: RunningStreams
    }

    /// The name of HTTP/2 in the handshake (RFC 9113, section 3.2).
    static let protocolName = "h2"

    let app: AppChannel

    /// Adds the handlers of HTTP/2 to a connection whose handshake has ended.
    func setup(
        channel: any Channel, after handshake: UnnegotiatedConnection, logger: Logger
    ) throws -> Connection {
        let pipeline = channel.pipeline.syncOperations
        handshake.handOver(on: pipeline)
        let running = RunningStreams()
        let streams = try Self.addHandlers(
            to: pipeline, app: self.app, cutter: handshake.cutter, opened: handshake.opened, running: running,
            logger: logger
        ) { stream in
            // A stream has no half that could be closed: its close is a reset.
            try AppChannel.Value(
                wrappingChannelSynchronously: stream, configuration: .init(isOutboundHalfClosureEnabled: false))
        }
        return Connection(channel: channel, streams: streams, running: running)
    }

    /// Adds what makes streams of bytes, and keeps them within the limits, to a pipeline.
    ///
    /// - Parameters:
    ///   - pipeline: The pipeline of the connection.
    ///   - app: What is served, and within which limits.
    ///   - cutter: Ends the connection without waiting for the client.
    ///   - opened: When the connection was opened.
    ///   - running: Counts the streams whose handlers run.
    ///   - logger: Gets what the operator should know.
    ///   - wrap: Adds what answers the requests to the pipeline of a stream.
    static func addHandlers<Stream: Sendable>(
        to pipeline: ChannelPipeline.SynchronousOperations, app: AppChannel, cutter: ConnectionCutter?,
        opened: NIODeadline, running: RunningStreams, logger: Logger,
        wrap: @escaping @Sendable (any Channel) throws -> Stream
    ) throws -> Streams<Stream> {
        let limits = app.limits
        let meter = NetworkMeter()
        try pipeline.addHandler(meter, position: .first)
        let connection = HTTP2Connection(
            limits: limits, connections: app.connections, cutter: cutter, meter: meter, opened: opened, logger: logger)
        let bytes = ConnectionBytesHandler(connection)
        connection.bytes = bytes
        try pipeline.addHandler(bytes)
        let bound = NIOLoopBound(connection, eventLoop: pipeline.eventLoop)
        let streams = try pipeline.configureAsyncHTTP2Pipeline(
            mode: .server, streamDelegate: StreamEvents(connection: bound), frameDelegate: connection,
            configuration: NIOHTTP2Handler.Configuration(limits)
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let connection = bound.value
                let id = try stream.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID) ?? .rootStream
                let handler = StreamHandler(
                    limits: limits, isRefused: !running.enter(), bodyIsTaken: { connection.bodyIsTaken(on: id) },
                    isConnectionSending: { connection.isSending }, logger: logger)
                try stream.pipeline.syncOperations.addHandlers([HTTP2FramePayloadToHTTPServerCodec(), handler])
                return try wrap(stream)
            }
        }
        try pipeline.addHandler(connection)
        return streams
    }

    /// Answers the requests of a connection until it is closed. If the task is cancelled, the connection is cut.
    func handle(_ connection: Connection, logger: Logger) async {
        let work = Task { await self.answer(connection, logger: logger) }
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            // The connection goes first: a stream that no task has taken up yet must be closed before it is dropped.
            connection.channel.close(mode: .input, promise: nil)
            connection.channel.closeFuture.whenComplete { _ in work.cancel() }
        }
    }

    private func answer(_ connection: Connection, logger: Logger) async {
        await withDiscardingTaskGroup { group in
            do {
                for try await stream in connection.streams.inbound {
                    group.addTask {
                        await self.app.handle(value: stream, logger: logger)
                        connection.running.leave()
                    }
                }
            } catch {
                // As over HTTP/1, the handlers that run go on to their end.
                logger.trace("a connection has failed: \(error)")
            }
        }
    }
}

/// Tells a connection of its streams.
private struct StreamEvents: NIOHTTP2StreamDelegate {
    let connection: NIOLoopBound<HTTP2Connection>

    func streamCreated(_ id: HTTP2StreamID, channel: any Channel) { self.connection.value.streamOpened(id) }
    func streamClosed(_ id: HTTP2StreamID, channel: any Channel) { self.connection.value.streamClosed(id) }
}
