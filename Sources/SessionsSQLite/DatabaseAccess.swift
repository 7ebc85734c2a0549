// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB

/// Access to the database. Each method waits for a lock that another connection holds, but only up to the time limit.
struct DatabaseAccess: Sendable {
    let writer: any DatabaseWriter
    let retries: BusyRetries

    /// Here and below GRDB's methods with a callback are used, because its `async` methods stop when the task is
    /// cancelled: a client that hangs up would abort its request's write.
    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(SQLiteStoreError) -> Value {
        try await self.retries.run { continuation in
            // A single statement sees one state of the database and needs no transaction around it.
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

    /// Makes the table if it is missing.
    func prepare(_ schema: SessionSchema) throws(SQLiteStoreError) {
        try self.retries.runBlocking {
            guard try !self.writer.unsafeRead({ try schema.isComplete(in: $0) }) else { return }
            try self.writer.writeWithoutTransaction { try schema.create(in: $0) }
        }
    }
}
