// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import NIOCore
import Synchronization

/// The connections of a server: how many there are, and which of them are without a request.
final class OpenConnections: Sendable {
    /// Asks a connection to close if it is without a request and stays so for a moment.
    struct MakeRoom: Sendable {}

    private struct Waiting {
        let channel: any Channel
        let since: NIODeadline
    }

    private struct State {
        var count = 0
        var waiting: [ObjectIdentifier: Waiting] = [:]
        /// Those that were asked to make room, and are not closed yet.
        var leaving: Set<ObjectIdentifier> = []

        /// The connection to close when there is no room: the one that has waited longest.
        mutating func leaver(maximum: Int, besides new: ObjectIdentifier? = nil) -> (any Channel)? {
            // Two may have begun to wait in the same nanosecond: the new one must stay.
            guard self.count - self.leaving.count >= maximum,
                let oldest = self.waiting.lazy.filter({ $0.key != new }).min(by: { $0.value.since < $1.value.since })
            else { return nil }
            self.waiting[oldest.key] = nil
            self.leaving.insert(oldest.key)
            return oldest.value.channel
        }
    }

    private let maximum: Int
    private let state = Mutex(State())

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Whether there is no room for one more.
    var isFull: Bool { self.state.withLock { $0.count >= self.maximum } }

    /// A connection was accepted. If it takes the last room, the one that has waited longest must close.
    func opened() {
        let leaver = self.state.withLock { state in
            state.count += 1
            return state.leaver(maximum: self.maximum)
        }
        leaver?.pipeline.fireUserInboundEventTriggered(MakeRoom())
    }

    func closed() {
        self.state.withLock { $0.count -= 1 }
    }

    /// A connection is without a request. The server accepts several at once, and when it did, none of them waited yet:
    /// this call checks for room again.
    func waits(_ channel: any Channel, since: NIODeadline) {
        let id = ObjectIdentifier(channel)
        let leaver = self.state.withLock { state in
            state.waiting[id] = Waiting(channel: channel, since: since)
            return state.leaver(maximum: self.maximum, besides: id)
        }
        leaver?.pipeline.fireUserInboundEventTriggered(MakeRoom())
    }

    /// A connection has a request. If it was asked to make room, another one is asked in its place.
    func works(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let leaver = self.state.withLock { state in
            state.waiting[id] = nil
            return state.leaving.remove(id) == nil ? nil : state.leaver(maximum: self.maximum)
        }
        leaver?.pipeline.fireUserInboundEventTriggered(MakeRoom())
    }

    /// A connection is gone.
    func left(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        self.state.withLock { state in
            state.waiting[id] = nil
            state.leaving.remove(id)
        }
    }
}

/// Lets Hummingbird accept connections while there is room.
struct ConnectionQuota: AvailableConnectionsDelegate {
    let connections: OpenConnections

    func connectionOpened() { self.connections.opened() }
    func connectionClosed() { self.connections.closed() }
    func isAcceptingNewConnections() -> Bool { !self.connections.isFull }
}
