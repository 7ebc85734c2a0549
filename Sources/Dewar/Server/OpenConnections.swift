// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import NIOCore
import Synchronization

/// The connections of a server: how many there are, and which of them are without a request.
final class OpenConnections: Sendable {
    /// Asks a connection to close if it is still without a request.
    struct MakeRoom: Sendable {}

    private struct Waiting {
        let channel: any Channel
        let since: NIODeadline
    }

    private struct State {
        var count = 0
        var waiting: [ObjectIdentifier: Waiting] = [:]
    }

    private let maximum: Int
    private let state = Mutex(State())

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Whether there is no room for one more.
    var isFull: Bool { self.state.withLock { $0.count >= self.maximum } }

    /// A connection was taken. If it is the last for which there is room, the one that waits for longest is to go.
    func opened() {
        let oldest = self.state.withLock { state in
            state.count += 1
            return state.count < self.maximum ? nil : Self.takeOldest(&state.waiting)
        }
        oldest?.pipeline.fireUserInboundEventTriggered(MakeRoom())
    }

    func closed() {
        self.state.withLock { $0.count -= 1 }
    }

    /// A connection is without a request.
    func waits(_ channel: any Channel, since: NIODeadline) {
        self.state.withLock { $0.waiting[ObjectIdentifier(channel)] = Waiting(channel: channel, since: since) }
    }

    /// A connection has a request, or is no more.
    func works(_ channel: any Channel) {
        _ = self.state.withLock { $0.waiting.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    private static func takeOldest(_ waiting: inout [ObjectIdentifier: Waiting]) -> (any Channel)? {
        guard let oldest = waiting.min(by: { $0.value.since < $1.value.since }) else { return nil }
        waiting[oldest.key] = nil
        return oldest.value.channel
    }
}

/// Lets Hummingbird take connections while there is room.
struct ConnectionQuota: AvailableConnectionsDelegate {
    let connections: OpenConnections

    func connectionOpened() { self.connections.opened() }
    func connectionClosed() { self.connections.closed() }
    func isAcceptingNewConnections() -> Bool { !self.connections.isFull }
}
