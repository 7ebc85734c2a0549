// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import NIOCore

/// The times of ``ServerLimits`` as NIO counts them, computed once for a connection; nil for no limit.
package struct ConnectionTimes: Sendable {
    package let head, body, keepAlive, write: TimeAmount?
    package let minimumBodyRate: Int

    /// How long a closing connection still reads what the client sends. An immediate close would reset the connection,
    /// and the client might lose the last answer (RFC 9112, section 9.6).
    package static let linger = TimeAmount.seconds(2)

    /// How long a connection without a request is kept although its room is needed. A client that has just connected,
    /// or has just got an answer, may have sent a request already, which an immediate close would lose.
    package static let graceForRoom = TimeAmount.milliseconds(500)

    package init(_ limits: ServerLimits) {
        self.head = limits.headTimeout.map { TimeAmount($0) }
        self.body = limits.bodyTimeout.map { TimeAmount($0) }
        self.keepAlive = limits.keepAliveTimeout.map { TimeAmount($0) }
        self.write = limits.writeTimeout.map { TimeAmount($0) }
        self.minimumBodyRate = limits.minimumBodyRate
    }
}
