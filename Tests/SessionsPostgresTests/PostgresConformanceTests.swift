// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting
import TestSupport
import Testing

@testable import SessionsPostgres

/// The suite that every store passes, on the tables and the servers that people have.
@Suite struct PostgresConformanceTests {
    @Test func oneTable() async throws {
        let server = try await PostgresServer.shared.value
        try await SessionStoreSuite { try PostgresStore(server.url, schema: newSchema(), timeout: .seconds(60)) }.run()
    }

    @Test func aPartitionedTable() async throws {
        let server = try await PostgresServer.shared.value
        let schema = newSchema()
        try await server.execute("CREATE SCHEMA \(schema)")
        for statement in try PostgresStore.tableDefinition(schema: schema, partitions: 16) {
            try await server.execute(statement)
        }
        try await SessionStoreSuite { try PostgresStore(server.url, schema: schema, timeout: .seconds(60)) }.run()
        #expect(
            try await server.execute(
                "SELECT count(*)::text FROM pg_inherits WHERE inhparent = '\(schema).dewar_sessions'::regclass")
                == ["16"])
    }

    /// Where PostgreSQL reports conflicts (40001) that it otherwise solves by waiting.
    @Test func aStricterIsolation() async throws {
        let server = try await PostgresServer.shared.value
        let url = server.url(options: "options=-c%20default_transaction_isolation%3Dserializable")
        try await SessionStoreSuite(parallelism: 24) {
            try PostgresStore(url, schema: newSchema(), timeout: .seconds(60))
        }.run()
    }

    @Test func parallelAttemptsToSignInAreLimited() async throws {
        let attack = try await GuessingAttack(on: try await newStore())
        #expect(attack.checked == 5 && attack.refused == 95 && attack.listed == 0)
    }
}
