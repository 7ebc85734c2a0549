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

/// The way to the database: opens connections, makes the table once, and does again what is safe to do again.
///
/// What is tried again, for as long as an operation may take:
/// - a transaction that another one was in the way of: the server has undone it;
/// - a statement whose connection broke: every operation of a store is such that doing it twice is doing it once, see
///   ``SessionStatements``;
/// - after that, opening a connection: a server that restarts needs a moment.
///
/// What is not: a server that is not there when the operation begins, but for one more try, so that an outage is known
/// at once; and a statement that was not answered in time.
final class DatabaseAccess: Sendable {
    /// One try of an operation.
    struct Attempt {
        let connection: Connection
        let deadline: ContinuousClock.Instant
        /// Whether an earlier try lost its connection, so that it is not known what became of it.
        let isAfterLoss: Bool

        func run(_ statement: Statement, _ parameters: [[UInt8]?]) throws -> QueryResult {
            try self.connection.run(statement, parameters, until: self.deadline)
        }
    }

    private let settings: ConnectionSettings
    private let pool: ConnectionPool
    private let schema: SessionSchema
    private let timeout: Duration
    private let isPrepared = Atomic(false)

    init(_ settings: ConnectionSettings, schema: SessionSchema, maximumConnections: Int, timeout: Duration) {
        self.settings = settings
        self.schema = schema
        self.timeout = min(max(timeout, .milliseconds(1)), .seconds(60 * 60))
        self.pool = ConnectionPool(width: maximumConnections, patience: self.timeout)
    }

    /// Does an operation, as often as it takes. It must be one that may be done twice.
    func run<Value: Sendable>(
        _ operation: @escaping @Sendable (Attempt) throws -> Value
    ) async throws(PostgresStoreError) -> Value {
        do {
            return try await self.pool.run { try self.repeating(operation, with: &$0) }
        } catch {
            throw PostgresStoreError(error)
        }
    }

    func shutdown() async {
        await self.pool.shutdown()
    }

    private func repeating<Value>(_ operation: (Attempt) throws -> Value, with slot: inout Connection?) throws -> Value
    {
        let deadline = ContinuousClock.now + self.timeout
        var loss: ConnectionFailure?
        var (staleStatements, failedConnections) = (0, 0)
        while true {
            var isSent = false
            do {
                let connection = try self.connection(&slot, until: deadline)
                isSent = true
                return try operation(Attempt(connection: connection, deadline: deadline, isAfterLoss: loss != nil))
            } catch let failure as ConnectionFailure {
                if slot?.isUsable != true || failure.isReadOnly || failure.isStaleStatement { slot = nil }
                switch failure {
                case .lost where isSent: loss = failure
                // While it was being opened: nothing has been done.
                case .lost: break
                case .unreachable where loss != nil || failedConnections == 0: failedConnections += 1
                case .refused where failure.isConflict: break
                case .refused where failure.isStaleStatement && staleStatements == 0: staleStatements += 1
                default: throw failure
                }
                // Whoever lost a connection is told so, and not that there is no other.
                guard ContinuousClock.now < deadline else { throw loss ?? failure }
                Self.pause()
            }
        }
    }

    private func connection(
        _ slot: inout Connection?, until deadline: ContinuousClock.Instant
    ) throws -> Connection {
        if slot?.isUsable != true { slot = nil }
        let connection = try slot ?? Connection(self.settings, statementTimeout: self.timeout * 9 / 10)
        slot = connection
        guard !self.isPrepared.load(ordering: .acquiring) else { return connection }
        do {
            try self.schema.prepare(on: connection, until: deadline)
        } catch {
            // It may be in the middle of a transaction.
            connection.abandon()
            throw error
        }
        self.isPrepared.store(true, ordering: .releasing)
        return connection
    }

    /// Milliseconds, drawn by lot: two that wait for each other must not keep step.
    private static func pause() {
        _ = poll(nil, 0, Int32.random(in: 1...30))
    }
}
