// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix

/// Sends bytes over one connection to a server of this machine, and gives everything that came back until the server
/// closed it.
///
/// - Parameter received: Called with each piece as it comes, while the server may still be sending.
public func exchange(
    _ request: String, port: Int, received: @Sendable () throws -> Void = {}
) async throws -> [UInt8] {
    let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        .connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
    return try await connection.executeThenClose { inbound, outbound in
        try await outbound.write(ByteBuffer(string: request))
        var answer: [UInt8] = []
        do {
            for try await piece in inbound {
                answer += piece.readableBytesView
                try received()
            }
        } catch is IOError {
            // The server closed it with something left to read.
        }
        return answer
    }
}
