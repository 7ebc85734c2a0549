// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
import Synchronization

/// A place for one connection, with a thread of its own while there is work: libpq blocks.
///
/// A serial queue each, for the reason that ``BlockingPool`` has.
final class Lane: Sendable {
    private enum State {
        case open(Connection?)
        case closed
    }

    let queue = DispatchQueue(label: "dewar.postgres")
    private let state = Mutex(State.open(nil))

    /// Works with the connection, which may have to be opened first. Only on the queue.
    func work<Value: Sendable>(_ body: (inout Connection?) throws -> Value) throws -> Value {
        try self.state.withLock { state in
            guard case .open(var connection) = state else { throw PostgresStoreError.shutDown }
            state = .open(nil)
            defer { state = .open(connection) }
            return try body(&connection)
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
