// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOPosix

@testable import SessionsRedis

extension ConnectionSettings {
    /// For the tests' own commands.
    static let tests = ConnectionSettings(
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton, tls: nil, connectTimeout: .seconds(10),
        commandTimeout: .seconds(30), maximumReplySize: 1 << 30, connections: 1, maximumPendingCommands: 1000,
        maximumPendingBytes: 1 << 30)
}
