// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import TestSupport
import Testing

@testable import SessionsPostgres

@Suite struct PostgresSchemaTests {
    @Test func manyStoresThatStartAtOnceMakeOneTable() async throws {
        let server = try await PostgresServer.shared.value
        let schema = newSchema()
        let stores = try (0..<12).map { _ in try PostgresStore(server.url, schema: schema, timeout: .seconds(30)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, store) in stores.enumerated() {
                group.addTask { _ = try await store.write(try record(number), replacing: nil, at: start) }
            }
            try await group.waitForAll()
        }
        for number in stores.indices {
            #expect(try await stores[0].read(.number(number), at: start) == record(number))
        }
        #expect(try await self.relations(in: schema, server).count == 4)  // the table, its key, and two indexes
    }

    @Test func anIndexThatIsMissingIsMadeAgain() async throws {
        let server = try await PostgresServer.shared.value
        let schema = newSchema()
        try await PostgresStore(server.url, table: "select", schema: schema).prepare()
        let before = try await self.relations(in: schema, server)
        try await server.execute("DROP INDEX \(schema).select_user")
        try await PostgresStore(server.url, table: "select", schema: schema).prepare()
        #expect(try await self.relations(in: schema, server) == before)
    }

    @Test func aTableOfSomethingElseIsNotUsedAndTheErrorSaysWhy() async throws {
        let server = try await PostgresServer.shared.value
        let schema = newSchema()
        let table = "\(schema).dewar_sessions"
        try await server.execute("CREATE SCHEMA \(schema)", "CREATE TABLE \(table) (id integer PRIMARY KEY)")
        let store = try PostgresStore(server.url, schema: schema)
        let error = await failure(PostgresStoreError.self) { try await store.prepare() }
        #expect(error?.kind == .foreignTable)
        #expect(error?.message.contains("it has id integer. Give the store another name.") == true)
        #expect(await failure(PostgresStoreError.self) { try await store.remove(.number(1)) } == error)
        // The same store works once that is put right.
        try await server.execute("DROP TABLE \(table)")
        try await store.prepare()
        try await server.execute("ALTER TABLE \(table) DROP COLUMN device_label, ALTER COLUMN grace_end TYPE integer")
        let other = try PostgresStore(server.url, schema: schema)
        #expect(
            await failure(PostgresStoreError.self) { try await other.prepare() }?.message.contains(
                "it lacks device_label bytea, grace_end bigint; it has grace_end integer.") == true)
    }

    @Test func aTableWithoutItsKeyIsNotUsed() async throws {
        let server = try await PostgresServer.shared.value
        let schema = newSchema()
        try await PostgresStore(server.url, schema: schema).prepare()
        try await server.execute("ALTER TABLE \(schema).dewar_sessions DROP CONSTRAINT dewar_sessions_pkey")
        let store = try PostgresStore(server.url, schema: schema)
        #expect(await failure(PostgresStoreError.self) { try await store.prepare() }?.kind == .foreignTable)
    }

    @Test func aRoleThatMayNotCreateUsesTheTableThatIsThere() async throws {
        let server = try await PostgresServer.shared.value
        let (schema, role) = (newSchema(), newSchema())
        try await server.execute("CREATE ROLE \(role) LOGIN")
        let store = try PostgresStore(server.url(user: role), schema: schema)
        #expect(await failure(PostgresStoreError.self) { try await store.prepare() }?.kind == .notAllowed)
        try await server.execute("CREATE SCHEMA \(schema)", "GRANT USAGE ON SCHEMA \(schema) TO \(role)")
        for statement in try PostgresStore.tableDefinition(schema: schema) { try await server.execute(statement) }
        try await server.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(schema) TO \(role)")
        #expect(try await store.write(try record(), replacing: nil, at: start))
        #expect(try await store.removeExpired(at: start, limit: 1) == 0)
    }

    private static let oddNames = ["", "1a", "a b", "a\"b", "a;", "a.b", "\u{e4}", "a\0"]

    @Test(arguments: Self.oddNames + [String(repeating: "a", count: 53)])
    func tablesNamesAreChecked(name: String) async {
        #expect(await failure(PostgresStoreError.self) { _ = try PostgresStore(table: name) }?.kind == .invalidName)
    }

    @Test(arguments: Self.oddNames + ["pg_", "pg_a", String(repeating: "a", count: 64)])
    func schemasNamesAreChecked(name: String) async {
        #expect(await failure(PostgresStoreError.self) { _ = try PostgresStore(schema: name) }?.kind == .invalidName)
    }

    @Test func theLongestNamesAreTaken() throws {
        let (table, schema) = (String(repeating: "a", count: 52), String(repeating: "_", count: 63))
        _ = try PostgresStore(table: table, schema: schema)
    }

    @Test func theLongestNameHasItsIndexesAndPartitions() async throws {
        let server = try await PostgresServer.shared.value
        let (schema, table) = (newSchema(), String(repeating: "T", count: 52))
        try await server.execute("CREATE SCHEMA \(schema)")
        for _ in 0..<2 {
            for statement in try PostgresStore.tableDefinition(table: table, schema: schema, partitions: 3) {
                try await server.execute(statement)
            }
        }
        try await PostgresStore(server.url, table: table, schema: schema).prepare()
    }

    /// What anything costs cannot grow with the number of rows when every row is found through an index.
    @Test(arguments: [0, 4])
    func everyStatementFindsItsRowsThroughAnIndex(partitions: Int) async throws {
        let server = try await PostgresServer.shared.value
        let schema = newSchema()
        try await server.execute("CREATE SCHEMA \(schema)")
        for statement in try PostgresStore.tableDefinition(schema: schema, partitions: partitions) {
            try await server.execute(statement)
        }
        try await server.execute(
            """
            INSERT INTO \(schema).dewar_sessions (id, secret_hash, version, contents, created_at, renewed_at,
            last_used_at, idle_timeout, expires_at, "user", write_id)
            SELECT decode(md5(n::text), 'hex'), 'x', 1, 'y', 0, 0, 0, 0, n, decode((n % 5000)::text, 'escape'), n
            FROM generate_series(1, 20000) n
            """, "ANALYZE \(schema).dewar_sessions")
        let sql = SessionStatements(try SessionSchema(table: "dewar_sessions", schema: schema))
        // The row's columns, and then the version that is replaced and the time.
        let update = ["'x'"] + SessionSchema.columns.dropFirst().map { $0.type == "bytea" ? "'y'" : "0" } + ["1", "1"]
        let plans = [
            (sql.select, "('x', 1)"), (sql.update, "(\(update.joined(separator: ", ")))"),
            (sql.deleteVersion, "('x', 1)"), (sql.delete, "('x')"),
            (sql.selectWrite, "('x')"), (sql.selectIDs, "('1', 5)"), (sql.deleteExpired, "(100, 50)"),
        ]
        for (statement, values) in plans {
            let plan = try await server.execute(
                "PREPARE s AS \(statement.text)", "EXPLAIN EXECUTE s\(values)"
            ).joined(separator: "\n")
            #expect(plan.contains("Index"), "\(plan)")
            #expect(!plan.contains("Seq Scan"), "\(plan)")
            #expect(!plan.contains("Sort  ("), "\(plan)")
        }
        try await self.someIDsComeFromTheIndex(of: sql, server)
    }

    /// Also for a user with a third of the rows, all of them at the end of the table: a planner that trusts to meet
    /// them everywhere reads the table from its beginning, and meets none for long.
    private func someIDsComeFromTheIndex(of sql: SessionStatements, _ server: PostgresServer) async throws {
        try await server.execute(
            """
            INSERT INTO \(sql.table) (id, secret_hash, version, contents, created_at, renewed_at,
            last_used_at, idle_timeout, expires_at, "user", write_id)
            SELECT decode(md5(n::text), 'hex'), 'x', 1, 'y', 0, 0, 0, 0, n, 'script', n
            FROM generate_series(20001, 30000) n
            """, "ANALYZE \(sql.table)")
        for user in ["1", "script"] {
            let values = sql.selectSomeIDs.text.replacing("$1", with: "'\(user)'::bytea").replacing("$2", with: "5")
                .replacing("$3", with: "101")
            let plan = try await server.execute("EXPLAIN \(values)").joined(separator: "\n")
            #expect(plan.contains("Index"), "\(plan)")
            #expect(!plan.contains("Seq Scan") && !plan.contains("Sort  ("), "\(plan)")
        }
    }

    private func relations(in schema: String, _ server: PostgresServer) async throws -> Set<String> {
        Set(
            try await server.execute(
                """
                SELECT coalesce(pg_get_indexdef(c.oid), c.relname) FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '\(schema)' AND c.relkind IN ('r', 'i')
                """))
    }
}
