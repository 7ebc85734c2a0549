// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dispatch
import GRDB
import Sessions

/// Access to the database. Each method waits for a lock that another connection holds, but only up to the time limit.
final class DatabaseAccess: Sendable {
    private let writer: any DatabaseWriter
    private let groupCommit: GroupCommit
    private let readers: Readers
    private let retries: BusyRetries

    init(writer: any DatabaseWriter, readers: Readers, retries: BusyRetries) {
        self.writer = writer
        self.groupCommit = GroupCommit(writer)
        self.readers = readers
        self.retries = retries
    }

    deinit {
        // SQLite writes the log into the database when the last connection closes, and one that only reads cannot.
        self.readers.close()
    }

    func read<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(SQLiteStoreError) -> Value {
        try await self.retries.run { try await self.readers.read(work) }
    }

    /// Does a write, perhaps in one transaction with others: ``GroupCommit``. It is finished even if the task is
    /// cancelled: a client that hangs up does not abort its request's write.
    func write<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(SQLiteStoreError) -> Value {
        try await self.retries.run { try await self.groupCommit.write(work) }
    }

    /// Makes the table if it is missing.
    func prepare(_ schema: SessionSchema) throws(SQLiteStoreError) {
        try self.retries.runBlocking {
            guard try !self.writer.unsafeRead({ try schema.isComplete(in: $0) }) else { return }
            try self.writer.writeWithoutTransaction { try schema.create(in: $0) }
        }
    }
}

/// Retries, for a limited time, an operation that failed because another connection held the database.
struct BusyRetries: Sendable {
    /// The time limit, within the range that SQLite accepts.
    let timeout: Duration

    init(timeout: Duration) {
        self.timeout = min(max(timeout, .zero), .seconds(60 * 60))
    }

    func run<Value: Sendable>(
        _ work: () async throws -> Value
    ) async throws(SQLiteStoreError) -> Value {
        let deadline = ContinuousClock.now + self.timeout
        while true {
            do {
                return try await work()
            } catch {
                guard self.isWorthAnother(error, until: deadline) else { throw SQLiteStoreError(error) }
            }
            // In a task of its own, because a cancelled task does not sleep.
            await Task { try? await Task.sleep(for: .milliseconds(Self.pause)) }.value
        }
    }

    /// The same for the start of the application, where there may be no task.
    func runBlocking<Value>(path: String? = nil, _ work: () throws -> Value) throws(SQLiteStoreError) -> Value {
        let deadline = ContinuousClock.now + self.timeout
        while true {
            do {
                return try work()
            } catch {
                guard self.isWorthAnother(error, until: deadline) else { throw SQLiteStoreError(error, path: path) }
            }
            _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(Self.pause))
        }
    }

    private func isWorthAnother(_ error: any Error, until deadline: ContinuousClock.Instant) -> Bool {
        SQLiteStoreError.isTransient(error) && ContinuousClock.now < deadline
    }

    /// A random number of milliseconds, so that two waiting processes do not retry in step.
    private static var pause: Int { Int.random(in: 1...20) }
}
