// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The statements on the table of sessions. Each connection prepares each of them once.
struct SessionStatements: Sendable {
    let select: String
    let insert: String
    let update: String
    let delete: String
    let deleteVersion: String
    let selectVersion: String
    let deleteExpired: String
    let selectIDs: String
    let selectSomeIDs: String
    let scan: String

    /// The condition for which ``SessionRow/key(_:)`` gives the arguments.
    private static let key = "slot = ? AND id = ?"

    init(_ schema: SessionSchema) {
        let table = "\"\(schema.table)\""
        let columns = SessionSchema.columns
        let names = columns.map(\.name)
        let changing = columns.dropFirst(SessionRow.keyCount)
        self.select = "SELECT \(names.joined(separator: ", ")) FROM \(table) WHERE \(Self.key) AND expires_at > ?"
        let news = columns.dropFirst().map { "\($0.name) = excluded.\($0.name)" }.joined(separator: ", ")
        self.insert = """
            INSERT INTO \(table) (\(names.joined(separator: ", "))) \
            VALUES (\(columns.map(\.placeholder).joined(separator: ", "))) \
            ON CONFLICT (slot) DO UPDATE SET \(news) \
            WHERE expires_at <= ?
            """
        self.update = """
            UPDATE \(table) SET \(changing.map { "\($0.name) = \($0.placeholder)" }.joined(separator: ", ")) \
            WHERE \(Self.key) AND version = ? AND expires_at > ?
            """
        self.delete = "DELETE FROM \(table) WHERE \(Self.key)"
        self.deleteVersion = "DELETE FROM \(table) WHERE \(Self.key) AND version = ?"
        self.selectVersion = "SELECT version FROM \(table) WHERE \(Self.key)"
        self.deleteExpired = """
            DELETE FROM \(table) WHERE slot IN \
            (SELECT slot FROM \(table) WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
            """
        // Expired rows are read too: so many rows take so long, however many of them have ended.
        let summary = names.map { $0 == "contents" ? "X''" : $0 }.joined(separator: ", ")
        self.scan = "SELECT \(summary), length(contents) FROM \(table) WHERE slot > ? ORDER BY slot LIMIT ?"
        self.selectIDs = "SELECT id FROM \(table) WHERE user = CAST(? AS BLOB) AND expires_at > ?"
        self.selectSomeIDs = self.selectIDs + " LIMIT ?"
    }

    func read(_ id: SessionID, at now: Date, in database: Database) throws -> SessionRecord? {
        let statement = try database.cachedStatement(sql: self.select)
        return try SessionRow.fetchOne(
            statement, arguments: StatementArguments(SessionRow.key(id) + [now.milliseconds]))?.record
    }

    /// Inserts a record where there is none, or an expired one. If another id has taken the slot, the insert fails as
    /// if the id were taken. The chance is one in 2^64 for each stored session.
    func insert(_ record: SessionRecord, at now: Date, in database: Database) throws -> Bool {
        let now: [(any DatabaseValueConvertible)?] = [now.milliseconds]
        let values = SessionRow.key(record.id) + SessionRow(record).changing
        return try self.run(self.insert, values + now, in: database) == 1
    }

    func update(
        _ record: SessionRecord, replacing version: Int, at now: Date, in database: Database
    ) throws -> Bool {
        let condition = SessionRow.key(record.id) + [version, now.milliseconds]
        return try self.run(self.update, SessionRow(record).changing + condition, in: database) == 1
    }

    func remove(_ id: SessionID, in database: Database) throws -> Bool {
        _ = try self.run(self.delete, SessionRow.key(id), in: database)
        return true
    }

    /// Another process may write between the two statements. If there is the given version then, the removal begins
    /// again.
    func remove(_ id: SessionID, ifVersion version: Int, in database: Database) throws -> Bool {
        while try self.run(self.deleteVersion, SessionRow.key(id) + [version], in: database) == 0 {
            let statement = try database.cachedStatement(sql: self.selectVersion)
            let present = try Int.fetchOne(statement, arguments: StatementArguments(SessionRow.key(id)))
            guard present == version else { return present == nil }
        }
        return true
    }

    func removeExpired(at now: Date, limit: Int, in database: Database) throws -> Int {
        try self.run(self.deleteExpired, [now.milliseconds, limit], in: database)
    }

    func ids(ofUser user: String, at now: Date, in database: Database) throws -> [SessionID] {
        let statement = try database.cachedStatement(sql: self.selectIDs)
        let rows = try Data.fetchAll(statement, arguments: [SessionRow.blob(user.utf8), now.milliseconds])
        return try rows.map(SessionRow.id)
    }

    /// Some of them. SQLite stops at the limit, in the index of the users.
    func ids(ofUser user: String, limit: Int, at now: Date, in database: Database) throws -> [SessionID] {
        let statement = try database.cachedStatement(sql: self.selectSomeIDs)
        let rows = try Data.fetchAll(statement, arguments: [SessionRow.blob(user.utf8), now.milliseconds, limit])
        return try rows.map(SessionRow.id)
    }

    func scan(after last: SessionID?, limit: Int, at now: Date, in database: Database) throws -> SessionPage {
        let statement = try database.cachedStatement(sql: self.scan)
        let slot = last.map(SessionRow.slot) ?? .min
        let rows = try Row.fetchAll(statement, arguments: [slot, limit])
        let all = try rows.map { row in
            let record = try SessionRow(row: row).record
            // The next page begins behind this row's slot: behind a wrong one the same page would come again for ever.
            guard try row.decode(Int64.self, atIndex: 0) == SessionRow.slot(record.id) else {
                throw SQLiteStoreError(.damaged, "The session table has a row whose slot is not that of its id.")
            }
            return (record: record, size: try row.decode(Int.self, atIndex: SessionRow.sizeIndex))
        }
        let live = all.filter { !$0.record.isExpired(at: now) }
        return SessionPage(
            sessions: live.map { SessionSummary($0.record, contentsSize: $0.size) },
            next: all.count < limit ? nil : all.last.map { SessionScanCursor(after: $0.record.id) })
    }

    /// How many rows a statement has changed.
    ///
    /// Outside a transaction SQLite runs a writing statement in one of its own, and takes the write lock before it
    /// reads the first row, as `BEGIN IMMEDIATE` does.
    private func run(
        _ sql: String, _ arguments: [(any DatabaseValueConvertible)?], in database: Database
    ) throws -> Int {
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
        return database.changesCount
    }
}

extension SessionSchema.Column {
    /// See ``SessionRow/blob(_:)``.
    fileprivate var placeholder: String { self.type == "BLOB" ? "CAST(? AS BLOB)" : "?" }
}
