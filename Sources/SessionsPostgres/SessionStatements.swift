// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The statements on the table of sessions, and which of them may be repeated.
///
/// Each is a transaction of its own, so PostgreSQL's default isolation is enough: a statement that meets a row which
/// another transaction is writing waits, and then checks its conditions again.
struct SessionStatements: Sendable {
    typealias Attempt = DatabaseAccess.Attempt

    let table: String
    let select: Statement
    let insert: Statement
    let update: Statement
    let selectWrite: Statement
    let delete: Statement
    let deleteVersion: Statement
    let deleteExpired: Statement
    let selectIDs: Statement
    let selectSomeIDs: Statement
    let scan: Statement

    init(_ schema: SessionSchema) {
        let table = schema.quotedTable
        self.table = table
        let names = SessionSchema.columns.map(\.quotedName)
        let (count, rest) = (names.count, names.dropFirst())
        let record = names.dropLast().joined(separator: ", ")
        let places = (1...count).map { "$\($0)" }.joined(separator: ", ")
        self.select = Statement(
            "dewar_select", "SELECT \(record) FROM \(table) WHERE id = $1 AND expires_at > $2")
        self.insert = Statement(
            "dewar_insert",
            """
            INSERT INTO \(table) AS old (\(names.joined(separator: ", "))) VALUES (\(places)) \
            ON CONFLICT (id) DO UPDATE SET \(rest.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")) \
            WHERE old.expires_at <= $\(count + 1)
            """)
        self.update = Statement(
            "dewar_update",
            """
            UPDATE \(table) SET \(rest.enumerated().map { "\($1) = $\($0 + 2)" }.joined(separator: ", ")) \
            WHERE id = $1 AND version = $\(count + 1) AND expires_at > $\(count + 2)
            """)
        self.selectWrite = Statement("dewar_select_write", "SELECT version, write_id FROM \(table) WHERE id = $1")
        self.delete = Statement("dewar_delete", "DELETE FROM \(table) WHERE id = $1")
        self.deleteVersion = Statement(
            "dewar_delete_version",
            """
            WITH gone AS (DELETE FROM \(table) WHERE id = $1 AND version = $2 RETURNING 1) \
            SELECT (SELECT count(*) FROM gone), (SELECT version FROM \(table) WHERE id = $1)
            """)
        // Planned each time: a plan for every limit would assume a large one, and read the whole table. The last
        // condition lets the planner choose between the two indexes, with partitions too.
        self.deleteExpired = Statement(
            """
            WITH batch AS MATERIALIZED (\
            SELECT id FROM \(table) WHERE expires_at <= $1 AND expires_at < \(SessionSchema.never) \
            ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED) \
            DELETE FROM \(table) AS old USING batch WHERE old.id = batch.id AND old.expires_at <= $1
            """)
        // Planned each time, as above: a plan for every limit would read and sort the whole table.
        let summary = names.dropLast().map { $0 == "\"contents\"" ? "''::bytea" : $0 }.joined(separator: ", ")
        self.scan = Statement(
            """
            SELECT \(summary), octet_length("contents")::bigint FROM \(table) \
            WHERE id > $1 ORDER BY id LIMIT $2
            """)
        self.selectIDs = Statement(
            "dewar_select_ids",
            """
            SELECT id FROM \(table) \
            WHERE sha256("user") = sha256($1) AND "user" = $1 AND "user" IS NOT NULL AND expires_at > $2
            """)
        // Planned each time, as above, and as if all were wanted: for a limit alone, and a user with many sessions, the
        // planner may read the table from its beginning, although they come last. It is done only up to the limit.
        self.selectSomeIDs = Statement(
            """
            WITH found AS MATERIALIZED (SELECT id FROM \(table) \
            WHERE sha256("user") = sha256($1) AND "user" = $1 AND "user" IS NOT NULL AND expires_at > $2) \
            SELECT id FROM found LIMIT $3
            """)
    }

    /// The next rows in the order of the ids. Expired rows are read too: so many rows take so long, however many of
    /// them have ended.
    func scan(after last: SessionID?, limit: Int, at now: Date, _ attempt: Attempt) throws -> SessionPage {
        let result = try attempt.run(self.scan, [last?.bytes ?? [], Parameter.bigint(limit)])
        let all = try (0..<result.rowCount).map { row in
            (record: try SessionRow.record(result, row: row), size: try result.integer(row, SessionRow.sizeIndex))
        }
        let live = all.filter { !$0.record.isExpired(at: now) }
        return SessionPage(
            sessions: live.map { SessionSummary($0.record, contentsSize: $0.size) },
            next: all.count < limit ? nil : all.last.map { SessionScanCursor(after: $0.record.id) })
    }

    func read(_ id: SessionID, at now: Date, _ attempt: Attempt) throws -> SessionRecord? {
        let result = try attempt.run(self.select, [id.bytes, Parameter.bigint(now.milliseconds)])
        return result.rowCount == 0 ? nil : try SessionRow.record(result, row: 0)
    }

    /// Compare-and-set, in one statement.
    ///
    /// When it is repeated after a connection broke, it may find the row of its own earlier try. So each write leaves a
    /// random number of its own in the row. The record alone does not identify the write: two requests that add one to
    /// the same count write the same record.
    ///
    /// Other processes may have replaced or removed the row since. Then nothing shows which write made the version in
    /// between, so the answer is an error.
    func write(
        _ record: SessionRecord, replacing version: Int?, at now: Date, writeID: Int, _ attempt: Attempt
    ) throws -> Bool {
        let row = SessionRow.parameters(of: record) + [Parameter.bigint(writeID)]
        let now = Parameter.bigint(now.milliseconds)
        if let version {
            if try attempt.run(self.update, row + [Parameter.bigint(version), now]).changedRows == 1 { return true }
        } else if !attempt.isAfterLoss {
            // Once only: if another process had read and removed the new record, a second insert would bring it back.
            return try attempt.run(self.insert, row + [now]).changedRows == 1
        }
        guard attempt.isAfterLoss else { return false }
        let found = try attempt.run(self.selectWrite, [record.id.bytes])
        guard found.rowCount > 0 else { throw Self.unknown }
        if try found.integer(0, 1) == writeID { return true }
        guard try found.integer(0, 0) <= record.version else { throw Self.unknown }
        return false
    }

    func remove(_ id: SessionID, _ attempt: Attempt) throws -> Bool {
        _ = try attempt.run(self.delete, [id.bytes])
        return true
    }

    /// The statement sees the row as it was when it began. If it finds the version to remove but has not removed it,
    /// another write came first. Whether anything is left is then unknown, so the statement runs again.
    func remove(_ id: SessionID, ifVersion version: Int, _ attempt: Attempt) throws -> Bool {
        while true {
            let result = try attempt.run(self.deleteVersion, [id.bytes, Parameter.bigint(version)])
            if try result.integer(0, 0) > 0 { return true }
            guard let found = try result.integerIfAny(0, 1) else { return true }
            if found != version { return false }
        }
    }

    func removeExpired(at now: Date, limit: Int, _ attempt: Attempt) throws -> Int {
        try attempt.run(
            self.deleteExpired, [Parameter.bigint(now.milliseconds), Parameter.bigint(limit)]
        ).changedRows
    }

    func ids(ofUser user: String, at now: Date, _ attempt: Attempt) throws -> [SessionID] {
        let result = try attempt.run(self.selectIDs, [Parameter.text(user), Parameter.bigint(now.milliseconds)])
        return try (0..<result.rowCount).map { try SessionRow.id(result, row: $0) }
    }

    func ids(ofUser user: String, limit: Int, at now: Date, _ attempt: Attempt) throws -> [SessionID] {
        let result = try attempt.run(
            self.selectSomeIDs,
            [Parameter.text(user), Parameter.bigint(now.milliseconds), Parameter.bigint(limit)])
        return try (0..<result.rowCount).map { try SessionRow.id(result, row: $0) }
    }

    private static let unknown = PostgresStoreError(
        .connectionLost,
        "The connection to the session database was lost, and whether the session was written cannot be told any more.")
}
