// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB
import Sessions
import Synchronization

/// Connections for reading, each of which is used by one thread at a time.
///
/// A `DatabasePool` has such connections too, but to borrow one takes longer there than to read a session.
final class Readers: Sendable {
    /// How many reads run at once, each on a thread of its own. Further reads wait without a thread.
    private static let width = 5

    private let pool = BlockingPool(width: Readers.width, label: "dewar.sessions.sqlite")
    private let idle = Mutex<[any DatabaseReader]>([])
    private let open: @Sendable () throws -> any DatabaseReader

    /// - Parameter open: Gives a reader for one more thread.
    init(_ open: @escaping @Sendable () throws -> any DatabaseReader) {
        self.open = open
    }

    /// Gives the idle connections back, which closes those that are the store's own.
    func close() {
        self.idle.withLock { $0 = [] }
    }

    /// Reads with a single statement, which sees one state of the database and needs no transaction around it.
    func read<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await self.pool.run {
            let reader = try self.idle.withLock { $0.popLast() } ?? self.open()
            defer { self.idle.withLock { $0.append(reader) } }
            return try reader.unsafeRead(work)
        }
    }
}
