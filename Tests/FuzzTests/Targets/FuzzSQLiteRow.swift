// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import GRDB
import Sessions

@testable import SessionsSQLite

/// Rows in SQLite: in a table that takes any value in any column, as a damaged file has them, and in the store's own.
enum FuzzSQLiteRow {
    private struct Tables {
        let queue: DatabaseQueue
        let loose: SessionStatements
        let own: SessionStatements
    }

    /// Before all sessions but those of a time that no clock shows; in whole seconds, so that its ``Date`` is exact.
    private static let start = -1_000_000_000_000_000
    private static let now = Date(milliseconds: Self.start)

    private static let tables = Result { try Self.open() }

    private static func open() throws -> Tables {
        let queue = try DatabaseQueue()
        let columns = SessionSchema.columns.map { column in
            "\(column.name) \(column.type)" + (column.name == "slot" ? " PRIMARY KEY" : "")
        }
        try queue.inDatabase { database in
            try database.execute(sql: "CREATE TABLE loose (\(columns.joined(separator: ", ")))")
            try SQLiteStore.createTable("own", in: database)
        }
        return Tables(
            queue: queue, loose: SessionStatements(try SessionSchema(table: "loose")),
            own: SessionStatements(try SessionSchema(table: "own")))
    }

    static func check(_ row: FuzzRow) throws {
        let tables = try Self.tables.get()
        try tables.queue.inDatabase { database in
            try Self.insert(row, in: database)
            let record = try Self.checkReading(row, tables.loose, database)
            try Self.checkScan(row, record, tables.loose, database)
            try Self.checkUser(row, tables.loose, database)
            if let record, record.expiresAt > Self.now, FuzzRecord.hasExactTimes(record) {
                try Self.checkWriting(record, row, tables.own, database)
            }
        }
    }

    private static func insert(_ row: FuzzRow, in database: Database) throws {
        for table in ["loose", "own"] { try database.cachedStatement(sql: "DELETE FROM \(table)").execute() }
        let places = [String](repeating: "?", count: row.values.count + 1).joined(separator: ", ")
        var arguments: [(any DatabaseValueConvertible)?] = [SessionRow.slot(FuzzSetting.id)]
        arguments += row.values.map { Self.argument($0) }
        try database.cachedStatement(sql: "INSERT INTO loose VALUES (\(places))").execute(
            arguments: StatementArguments(arguments))
        // An empty `Data` would be stored as NULL.
        for (column, value) in zip(SessionSchema.columns.dropFirst(), row.values) where value == .bytes([]) {
            try database.cachedStatement(sql: "UPDATE loose SET \(column.name) = X''").execute()
        }
    }

    /// The record under the id, or nothing, or an error, and never the record of another session.
    private static func checkReading(
        _ row: FuzzRow, _ statements: SessionStatements, _ database: Database
    ) throws -> SessionRecord? {
        var record: SessionRecord?
        var isError = false
        do {
            record = try statements.read(FuzzSetting.id, at: Self.now, in: database)
        } catch {
            isError = true
        }
        guard row.isTyped else {
            // SQLite makes a number of a text where it is asked for one.
            try require(record.map { $0.id == FuzzSetting.id } ?? true, "SQLite: a record of another session")
            return nil
        }
        let isThere = row.values[0] == .bytes(FuzzSetting.id.bytes) && Self.isAlive(row)
        try require(isError == (isThere && !row.isRecord), "SQLite: a damaged row is no error, or a good one is")
        try require((record != nil) == (isThere && row.isRecord), "SQLite: a record is missing, or made up")
        try require(record.map { row.isRead(as: $0) } ?? true, "SQLite: a record has other values than its row")
        return record
    }

    private static func checkScan(
        _ row: FuzzRow, _ record: SessionRecord?, _ statements: SessionStatements, _ database: Database
    ) throws {
        let page = try? statements.scan(after: nil, limit: 2, at: Self.now, in: database)
        guard row.isTyped else { return }
        // A row of another id is not in its place, which is this id's.
        let isRecord =
            row.isRecord && row.values[0] == .bytes(FuzzSetting.id.bytes) && row.values[FuzzRow.expiry] != .null
        try require((page != nil) == isRecord, "SQLite: a scan passes over damage, or sees some where there is none")
        guard let page else { return }
        try require(page.next == nil && page.sessions.count <= 1, "SQLite: a scan has more sessions than there are")
        if let record {
            let summaries = record.isExpired(at: Self.now) ? [] : [SessionSummary(record)]
            try require(page.sessions == summaries, "SQLite: a scan has another session than a read")
        }
    }

    private static func checkUser(_ row: FuzzRow, _ statements: SessionStatements, _ database: Database) throws {
        guard row.isTyped, case .bytes(let user) = row.values[FuzzRow.user], Array(user.text.utf8) == user else {
            return
        }
        let ids = try? statements.ids(ofUser: user.text, at: Self.now, in: database)
        guard Self.isAlive(row) else { return try require(ids == [], "SQLite: a user has a session that has ended") }
        guard case .bytes(let id) = row.values[0], id.count == SessionID.length else {
            return try require(ids == nil, "SQLite: a user's session has no id")
        }
        try require(ids?.map(\.bytes) == [id], "SQLite: a user has other sessions")
        let others = try? statements.ids(ofUser: user.text + "\0", at: Self.now, in: database)
        try require(others == [], "SQLite: another user has this session")
    }

    /// In the store's own table the record has the row that it was read from.
    private static func checkWriting(
        _ record: SessionRecord, _ row: FuzzRow, _ statements: SessionStatements, _ database: Database
    ) throws {
        try require(try statements.insert(record, at: Self.now, in: database), "SQLite: a new record is refused")
        let read = try statements.read(record.id, at: Self.now, in: database)
        try require(read == record, "SQLite: written and read, a record is another")
        let stored = try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM own"))
        let columns = stored.map { Array($0.databaseValues).dropFirst().map { Self.value($0) } }
        var values = row.values
        values[FuzzRow.expiry] = .integer(record.expiresAt.milliseconds)
        try require(columns == values, "SQLite: a record has another row")
    }

    private static func isAlive(_ row: FuzzRow) -> Bool {
        guard case .integer(let end) = row.values[FuzzRow.expiry] else { return false }
        return end > Self.start
    }

    private static func argument(_ value: FuzzRow.Value) -> (any DatabaseValueConvertible)? {
        switch value {
        case .null: nil
        case .integer(let number): number
        case .bytes(let bytes): Data(bytes)
        case .text(let text): text
        case .real(let number): number
        }
    }

    private static func value(_ value: DatabaseValue) -> FuzzRow.Value {
        switch value.storage {
        case .null: .null
        case .int64(let number): .integer(Int(number))
        case .double(let number): .real(number)
        case .string(let text): .text(text)
        case .blob(let data): .bytes(Array(data))
        }
    }
}
