// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOSSL

/// What connections to all servers of a store have in common.
struct ConnectionSettings: Sendable {
    let eventLoopGroup: any EventLoopGroup
    let tls: NIOSSLContext?
    /// For connecting, and once more for TLS with signing in.
    let connectTimeout: TimeAmount
    /// For a reply.
    let commandTimeout: TimeAmount
    let maximumReplySize: Int
    /// How many connections a server gets.
    let connections: Int
    /// How many commands may be under way to one server, and how many bytes of them.
    let maximumPendingCommands: Int
    let maximumPendingBytes: Int
    /// How long an outage is waited for before the server is known to be down.
    var patience: Duration = .seconds(5)

    func newQuota() -> Quota {
        Quota(commands: self.maximumPendingCommands, bytes: self.maximumPendingBytes)
    }
}
