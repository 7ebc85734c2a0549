// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOSSL

/// The settings that connections to all servers of a store have in common.
struct ConnectionSettings: Sendable {
    let eventLoopGroup: any EventLoopGroup
    let tls: NIOSSLContext?
    /// The time for connecting, and as long again for TLS and the login.
    let connectTimeout: TimeAmount
    /// The time for a reply.
    let commandTimeout: TimeAmount
    let maximumReplySize: Int
    /// How many connections are opened to a server.
    let connections: Int
    /// How many commands may be in flight to one server, and how many bytes of them.
    let maximumPendingCommands: Int
    let maximumPendingBytes: Int
    /// How long requests wait during an outage before the server is known to be down.
    var patience: Duration = .seconds(5)

    func newQuota() -> Quota {
        Quota(commands: self.maximumPendingCommands, bytes: self.maximumPendingBytes)
    }
}
