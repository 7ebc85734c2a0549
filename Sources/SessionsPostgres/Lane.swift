// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
import Synchronization

/// A place for one connection. It has a thread of its own while there is work, because libpq blocks.
///
/// Each lane has a serial queue, for the reason given at `BlockingPool`.
final class Lane: Sendable {
    private enum State {
        case open(Connection?)
        case closed
    }

    let queue = DispatchQueue(label: "dewar.postgres")
    private let state = Mutex(State.open(nil))

    /// Opens the connection. Only on the queue.
    func open(_ make: @Sendable () throws -> Connection) throws {
        try self.state.withLock { state in
            guard case .open = state else { throw PostgresStoreError.shutDown }
            state = .open(try make())
        }
    }

    /// The result of a try.
    struct Report {
        var outcome: PoolCall.Outcome
        var history: CallHistory
        /// Whether there is still a connection.
        var isConnected: Bool
    }

    /// Tries a call on the connection, unless the server has hung up. Only on the queue.
    func work(_ call: PoolCall) -> Report {
        self.state.withLock { state in
            var report = Report(outcome: .again, history: call.history, isConnected: false)
            guard case .open(let connection?) = state else { return report }
            if connection.isUsable {
                report.outcome = call.perform(connection, &report.history)
                report.isConnected = connection.isIntact
            }
            if !report.isConnected { state = .open(nil) }
            return report
        }
    }

    /// Closes the connection, after the work that the lane has.
    func close() async {
        await withCheckedContinuation { continuation in
            self.queue.async {
                self.state.withLock { $0 = .closed }
                continuation.resume()
            }
        }
    }
}
