// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Synchronization

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Access to the database: opens connections, makes the table once, and retries what is safe to repeat.
///
/// Retried, within an operation's time limit:
/// - a transaction that failed because of a concurrent one: the server has undone it;
/// - a statement whose connection broke: every operation of a store may be done twice with the effect of once, see
///   ``SessionStatements``. It waits for another connection, or for a server that restarts.
///
/// Not retried: a server that cannot be reached when the operation begins, so that an outage is reported at once
/// (``ConnectionPool``); and a statement that was not answered in time.
final class DatabaseAccess: Sendable {
    /// One try of an operation.
    struct Attempt {
        let connection: Connection
        let deadline: ContinuousClock.Instant
        /// Whether an earlier try lost its connection, so that it may have been done.
        let isAfterLoss: Bool

        func run(_ statement: Statement, _ parameters: [[UInt8]?]) throws -> QueryResult {
            try self.connection.run(statement, parameters, until: self.deadline)
        }
    }

    private let pool: ConnectionPool
    private let timeout: Duration

    /// - Parameters:
    ///   - keepsState: Whether prepared statements and settings stay with a connection.
    ///   - makesTable: Whether the table is made where it is missing.
    init(
        _ settings: ConnectionSettings, schema: SessionSchema, maximumConnections: Int, timeout: Duration,
        keepsState: Bool, makesTable: Bool = true
    ) {
        let timeout = min(max(timeout, .milliseconds(1)), .seconds(60 * 60))
        let isPrepared = PreparedOnce(makesTable: makesTable)
        self.timeout = timeout
        self.pool = ConnectionPool(width: maximumConnections, patience: timeout) {
            let connection = try Connection(settings, statementTimeout: timeout * 9 / 10, keepsState: keepsState)
            try isPrepared.prepare(schema, on: connection, until: .now + timeout)
            return connection
        }
    }

    /// Runs an operation, with retries. It must be idempotent.
    func run<Value: Sendable>(
        _ operation: @escaping @Sendable (Attempt) throws -> Value
    ) async throws(PostgresStoreError) -> Value {
        do {
            return try await self.pool.run { try self.repeating(operation, on: $0, &$1) }
        } catch {
            throw PostgresStoreError(error)
        }
    }

    func shutdown() async {
        await self.pool.shutdown()
    }

    /// The answer; nil when the operation needs another connection.
    private func repeating<Value>(
        _ operation: (Attempt) throws -> Value, on connection: Connection, _ history: inout CallHistory
    ) throws -> Value? {
        let deadline = history.end ?? .now + self.timeout
        history.end = deadline
        while true {
            do {
                return try operation(
                    Attempt(connection: connection, deadline: deadline, isAfterLoss: history.loss != nil))
            } catch let failure as ConnectionFailure {
                if failure.isReadOnly || failure.isStaleStatement { connection.retire() }
                switch failure {
                case .lost: history.loss = failure
                case .refused where failure.isConflict: break
                case .refused where failure.isStaleStatement && history.staleStatements == 0:
                    history.staleStatements += 1
                // An earlier try may have been done, whatever the server says to this one.
                default: throw history.loss ?? failure
                }
                guard ContinuousClock.now < deadline else { throw history.loss ?? failure }
                guard connection.isUsable else { return nil }
                Self.pause()
            }
        }
    }

    /// A random number of milliseconds, so that two conflicting transactions do not retry in step.
    static func pause() {
        _ = poll(nil, 0, Int32.random(in: 1...30))
    }
}

/// Makes the table on the first connection, and remembers that it is there.
private final class PreparedOnce: Sendable {
    private let isDone = Atomic(false)
    private let makesTable: Bool

    init(makesTable: Bool) {
        self.makesTable = makesTable
    }

    func prepare(_ schema: SessionSchema, on connection: Connection, until deadline: ContinuousClock.Instant) throws {
        guard !self.isDone.load(ordering: .acquiring) else { return }
        do {
            try schema.prepare(on: connection, makesTable: self.makesTable, until: deadline)
        } catch {
            // The connection may be in the middle of a transaction.
            connection.abandon()
            throw error
        }
        self.isDone.store(true, ordering: .releasing)
    }
}
