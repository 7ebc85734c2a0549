// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB

/// The ways into the database: each waits for a lock that another connection holds, and no longer than is said.
struct DatabaseAccess: Sendable {
    let writer: any DatabaseWriter
    let retries: BusyRetries

    /// GRDB's methods with a callback, here and below, since its `async` ones end with the task: the write of a request
    /// whose client has gone would be torn off.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(SQLiteStoreError) -> Value {
        try await self.retries.run { continuation in
            // One statement sees one state of the database by itself and needs no transaction around it.
            self.writer.asyncUnsafeRead { database in
                continuation.resume(with: Result { try work(database.get()) })
            }
        }
    }

    func write<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(SQLiteStoreError) -> Value {
        try await self.retries.run { continuation in
            self.writer.asyncWriteWithoutTransaction { database in
                continuation.resume(with: Result { try work(database) })
            }
        }
    }

    /// Sees to it that the table is there.
    func prepare(_ schema: SessionSchema) throws(SQLiteStoreError) {
        try self.retries.runBlocking {
            guard try !self.writer.unsafeRead({ try schema.isComplete(in: $0) }) else { return }
            try self.writer.writeWithoutTransaction { try schema.create(in: $0) }
        }
    }
}
