// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import GRDB
import Sessions
import TestSupport
import Testing

@testable import SessionsSQLite

@Suite struct SessionSchemaTests {
    @Test func toOpenItTwiceIsHarmless() async throws {
        let queue = try DatabaseQueue()
        #expect(try await SQLiteStore(queue).write(try record(), replacing: nil, at: start))
        let before = try await schema(of: queue)
        try await queue.write { try SQLiteStore.createTable(in: $0) }
        #expect(try await SQLiteStore(queue).read(.number(1), at: start) == record())
        #expect(try await schema(of: queue) == before)
        #expect(before.count == 3)  // the table and two indexes
    }

    @Test func theAppsOwnTablesAndMigrationsAreLeftAlone() async throws {
        let queue = try DatabaseQueue()
        var migrator = DatabaseMigrator()
        migrator.registerMigration("players") {
            try $0.execute(sql: "CREATE TABLE player (name TEXT); PRAGMA user_version = 5")
        }
        try migrator.migrate(queue)
        _ = try SQLiteStore(queue)
        #expect(
            try await queue.read { try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations") } == [
                "players"
            ])
        #expect(try await queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") } == 5)
        #expect(try await queue.read(migrator.hasBeenSuperseded) == false)
    }

    @Test func aMigrationOfTheAppMayMakeTheTable() async throws {
        let queue = try DatabaseQueue()
        var migrator = DatabaseMigrator()
        migrator.eraseDatabaseOnSchemaChange = true
        migrator.registerMigration("sessions") { try SQLiteStore.createTable("logins", in: $0) }
        try migrator.migrate(queue)
        #expect(try await SQLiteStore(queue, table: "logins").write(try record(), replacing: nil, at: start))
        try migrator.migrate(queue)
        #expect(try await SQLiteStore(queue, table: "logins").read(.number(1), at: start) == record())
    }

    @Test func twoTablesInOneDatabaseDoNotMix() async throws {
        let queue = try DatabaseQueue()
        let stores = try (SQLiteStore(queue, table: "a"), SQLiteStore(queue, table: "select"))
        #expect(try await stores.0.write(try record(), replacing: nil, at: start))
        #expect(try await stores.1.read(.number(1), at: start) == nil)
        #expect(try await stores.1.write(try record(contents: [4]), replacing: nil, at: start))
        #expect(try await stores.0.read(.number(1), at: start) == record())
    }

    @Test func anIndexThatIsMissingIsMadeAgain() async throws {
        let queue = try DatabaseQueue()
        _ = try SQLiteStore(queue)
        let before = try await schema(of: queue)
        try await queue.write { try $0.execute(sql: "DROP INDEX dewar_sessions_user") }
        _ = try SQLiteStore(queue)
        #expect(try await schema(of: queue) == before)
    }

    @Test(arguments: [
        "", "1a", "a b", "a\"b", "a;", "a.b", "\u{e4}", "a\0", "sqlite_x", "SQLite_x",
        String(repeating: "a", count: 65),
    ])
    func tablesNamesAreChecked(name: String) async throws {
        let queue = try DatabaseQueue()
        let error = await failure(SQLiteStoreError.self) { _ = try SQLiteStore(queue, table: name) }
        #expect(error?.kind == .invalidName)
        #expect(try await schema(of: queue).isEmpty)
    }

    @Test func aTableOfSomethingElseIsNotUsed() async throws {
        let queue = try DatabaseQueue()
        try await queue.write { try $0.execute(sql: "CREATE TABLE dewar_sessions (id INTEGER PRIMARY KEY)") }
        #expect(await failure(SQLiteStoreError.self) { _ = try SQLiteStore(queue) }?.kind == .foreignTable)
    }

    /// SQLite would take a text for the number 0 there, and a number for a user's name.
    @Test func aTableThatTakesValuesOfAnyTypeIsNotUsed() async throws {
        let queue = try DatabaseQueue()
        let columns = SessionSchema.columns.map(\.definition).joined(separator: ", ")
        try await queue.write { try $0.execute(sql: "CREATE TABLE dewar_sessions (\(columns))") }
        let error = await failure(SQLiteStoreError.self) { _ = try SQLiteStore(queue) }
        #expect(error?.kind == .foreignTable && error?.description.contains("not STRICT") == true)
    }

    /// What anything costs cannot grow with the number of rows when every row is found through an index.
    @Test(arguments: [false, true])
    func everyStatementFindsItsRowsThroughAnIndex(isAnalyzed: Bool) async throws {
        let queue = try DatabaseQueue()
        let store = try SQLiteStore(queue)
        if isAnalyzed {
            for number in 0..<500 {
                let user = number < 10 ? nil : "u\(number % 5)"
                #expect(try await store.write(try record(number, user: user), replacing: nil, at: start))
            }
            try await queue.write { try $0.execute(sql: "ANALYZE") }
        }
        let sql = store.statements
        for statement in [sql.select, sql.update, sql.delete, sql.deleteVersion, sql.selectVersion] {
            let plan = try await self.plan(of: statement, in: queue)
            #expect(plan.count == 1)
            #expect(plan == ["SEARCH dewar_sessions USING INTEGER PRIMARY KEY (rowid=?)"])
        }
        let purge = try await self.plan(of: sql.deleteExpired, in: queue)
        #expect(purge.contains { $0.contains("COVERING INDEX dewar_sessions_expires_at (expires_at<?)") }, "\(purge)")
        #expect(purge.contains("SEARCH dewar_sessions USING INTEGER PRIMARY KEY (rowid=?)"), "\(purge)")
        #expect(!purge.contains { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") }, "\(purge)")
        for listing in [sql.selectIDs, sql.selectSomeIDs] {
            let plan = try await self.plan(of: listing, in: queue)
            #expect(plan == ["SEARCH dewar_sessions USING INDEX dewar_sessions_user (user=?)"])
        }
    }

    @Test func anIdInATakenSlotIsTaken() async throws {
        let queue = try DatabaseQueue()
        let store = try SQLiteStore(queue)
        let ids = try [SessionID.number(1), .number(2)]
        let records = ids.map { SessionRecord(id: $0, secretHash: [], createdAt: start, idleTimeout: .seconds(60)) }
        // Nobody knows two ids whose slots are the same, and so the first is given the second one's.
        let slot = try #require(SessionRow.key(ids[1])[0] as? Int64)
        #expect(try await store.write(records[0], replacing: nil, at: start))
        try await queue.write { try $0.execute(sql: "UPDATE dewar_sessions SET slot = ?", arguments: [slot]) }
        #expect(try await store.write(records[1], replacing: nil, at: start) == false)
        #expect(try await store.read(ids[1], at: start) == nil)
        #expect(try await store.remove(ids[1], ifVersion: 1))
        #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM dewar_sessions") } == 1)
        let end = start.addingTimeInterval(60)
        var later = records[1]
        later.lastUsedAt = end
        #expect(try await store.write(later, replacing: nil, at: end))
        #expect(try await store.read(ids[1], at: end) == later)
    }

    private func plan(of statement: String, in queue: DatabaseQueue) async throws -> [String] {
        try await queue.read { database in
            let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + statement)
            let count = statement.sql.utf8.count { $0 == UInt8(ascii: "?") }
            let nulls = StatementArguments([Int?](repeating: nil, count: count))
            return try Row.fetchAll(statement, arguments: nulls).map { $0["detail"] }
        }
    }

    private func schema(of queue: DatabaseQueue) async throws -> Set<String> {
        try await queue.read {
            try String.fetchSet($0, sql: "SELECT name || ' ' || coalesce(sql, '') FROM sqlite_master")
        }
    }
}
