// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
package import NIOCore
import Synchronization

/// The connections of a server: how many there are, and which of them are without a request.
///
/// A connection is known by a number, because each of its requests calls twice: a place in an array is found sooner
/// than one in a dictionary.
package final class OpenConnections: Sendable {
    /// Asks a connection to close if it is without a request and stays so for a moment.
    package struct MakeRoom: Sendable {}

    private struct Place {
        let channel: any Channel
        /// Since when it is without a request; nil while it has one, or was asked to make room.
        var waitsSince: NIODeadline?
        /// Whether it was asked to make room, and is not closed yet.
        var isLeaving = false
    }

    private struct State {
        var count = 0
        /// By their numbers; nil where a connection is gone.
        var places: [Place?] = []
        var freeNumbers: [Int] = []
        var waiting = 0
        var leaving = 0

        mutating func wait(_ number: Int, since: NIODeadline?) {
            guard (self.places[number]?.waitsSince == nil) != (since == nil) else { return }
            self.waiting += since == nil ? -1 : 1
            self.places[number]?.waitsSince = since
        }

        /// Whether the connection was leaving.
        mutating func stay(_ number: Int) -> Bool {
            guard self.places[number]?.isLeaving == true else { return false }
            self.places[number]?.isLeaving = false
            self.leaving -= 1
            return true
        }

        /// The connection to close when there is no room: the one that has waited longest.
        mutating func leaver(maximum: Int, besides new: Int? = nil) -> (any Channel)? {
            // Two may have begun to wait in the same nanosecond: the new one must stay.
            guard self.count - self.leaving >= maximum, self.waiting > (new == nil ? 0 : 1) else { return nil }
            var oldest: (number: Int, since: NIODeadline)?
            for (number, place) in self.places.enumerated() where number != new {
                guard let since = place?.waitsSince, since < oldest?.since ?? .distantFuture else { continue }
                oldest = (number, since)
            }
            guard let number = oldest?.number else { return nil }
            self.wait(number, since: nil)
            self.places[number]?.isLeaving = true
            self.leaving += 1
            return self.places[number]?.channel
        }
    }

    private let maximum: Int
    private let state = Mutex(State())

    package init(maximum: Int) {
        self.maximum = maximum
    }

    /// How many there are.
    var count: Int { self.state.withLock { $0.count } }

    /// Whether there is no room for one more.
    package var isFull: Bool { self.state.withLock { $0.count >= self.maximum } }

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

    /// A connection begins, without a request.
    ///
    /// - Returns: Its number.
    package func entered(_ channel: any Channel, since: NIODeadline) -> Int {
        let number = self.state.withLock { state in
            let number = state.freeNumbers.popLast() ?? state.places.endIndex
            if number == state.places.endIndex { state.places.append(nil) }
            state.places[number] = Place(channel: channel)
            return number
        }
        self.waits(number, since: since)
        return number
    }

    /// A connection is without a request. The server accepts several at once, and when it did, none of them waited yet:
    /// this call checks for room again.
    package func waits(_ number: Int, since: NIODeadline) {
        let leaver = self.state.withLock { state in
            state.wait(number, since: since)
            return state.leaver(maximum: self.maximum, besides: number)
        }
        leaver?.pipeline.fireUserInboundEventTriggered(MakeRoom())
    }

    /// A connection has a request. If it was asked to make room, another one is asked in its place.
    package func works(_ number: Int) {
        let leaver = self.state.withLock { state in
            state.wait(number, since: nil)
            return state.stay(number) ? state.leaver(maximum: self.maximum) : nil
        }
        leaver?.pipeline.fireUserInboundEventTriggered(MakeRoom())
    }

    /// A connection is gone.
    package func left(_ number: Int) {
        self.state.withLock { state in
            state.wait(number, since: nil)
            _ = state.stay(number)
            state.places[number] = nil
            state.freeNumbers.append(number)
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
