// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import HummingbirdCore
import Logging
import NIOCore

/// A connection over TLS that speaks HTTP/2 if its client offers that in the handshake, and HTTP/1.1 otherwise.
struct NegotiatedChannel: ServerChildChannel {
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// Known once the handshake has ended.
        let connection: EventLoopFuture<NegotiatedConnection>
    }

    /// The names of the protocols in the handshake, the one that the server likes best first.
    static let protocols = [HTTP2Channel.protocolName, "http/1.1"]

    private let http1: AppChannel
    private let http2: HTTP2Channel

    init(_ app: AppChannel) {
        self.http1 = app
        self.http2 = HTTP2Channel(app: app)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            let connection = try UnnegotiatedConnection(of: self.http1, on: pipeline)
            let promise = channel.eventLoop.makePromise(of: NegotiatedConnection.self)
            let handshake = HandshakeHandler(promise: promise) { name in
                guard name == HTTP2Channel.protocolName else {
                    return .http1(try connection.continueWithHTTP1(on: channel, logger: logger))
                }
                return .http2(try self.http2.setup(channel: channel, after: connection, logger: logger))
            }
            try pipeline.addHandler(handshake)
            return Value(channel: channel, connection: promise.futureResult)
        }
    }

    func handle(value: Value, logger: Logger) async {
        do {
            let connection = try await withTaskCancellationHandler(operation: value.connection.get) {
                // The server does not wait for a client that says nothing.
                value.channel.close(mode: .input, promise: nil)
            }
            switch connection {
            case .http1(let connection): await self.http1.handle(value: connection, logger: logger)
            case .http2(let connection): await self.http2.handle(connection, logger: logger)
            }
        } catch {
            logger.trace("a TLS handshake did not end: \(error)")
        }
    }
}

/// A connection by the protocol that it speaks.
enum NegotiatedConnection: Sendable {
    case http1(AppChannel.Value)
    case http2(HTTP2Channel.Connection)
}
