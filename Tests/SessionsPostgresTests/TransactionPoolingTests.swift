// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsPostgres
import SessionsTesting
import TestSupport
import Testing

/// A pooler between that gives out a server's connection for one transaction.
@Suite(.timeLimit(.minutes(5))) struct TransactionPoolingTests {
    /// What the server was told, by its own log.
    private static func statements(isTransactionPooled: Bool) async throws -> [Substring] {
        let server = try await PostgresServer(["log_statement=all", "log_line_prefix=%a "])
        defer { keepAlive(server) }
        let store = try PostgresStore(
            server.url(options: "application_name=told"), isTransactionPooled: isTransactionPooled)
        #expect(try await store.write(try record(user: "u"), replacing: nil, at: start))
        #expect(try await store.read(.number(1), at: start) == record(user: "u"))
        #expect(try await store.write(try record(version: 2, user: "u"), replacing: 1, at: start))
        #expect(try await store.ids(ofUser: "u", at: start) == [.number(1)])
        #expect(try await store.remove(.number(1), ifVersion: 2))
        #expect(try await store.remove(.number(1), ifVersion: nil))
        #expect(try await store.removeExpired(at: start, limit: 10) == 0)
        await store.shutdown()
        try await server.stop()
        let log = try String(contentsOfFile: server.folder.file("log"), encoding: .utf8)
        return log.split(separator: "\n").filter { $0.hasPrefix("told LOG:  execute ") }
    }

    @Test func nothingIsKeptOnAConnection() async throws {
        let pooled = try await Self.statements(isTransactionPooled: true)
        #expect(pooled.count > 6)
        #expect(pooled.allSatisfy { $0.contains("execute <unnamed>") && !$0.contains("set_config") }, "\(pooled)")
        let kept = try await Self.statements(isTransactionPooled: false)
        #expect(kept.contains { $0.contains("execute dewar_select") })
        #expect(kept.contains { $0.contains("set_config('statement_timeout'") })
    }

    @Test(.enabled(if: PgBouncer.isInstalled, "apt install pgbouncer"))
    func throughPgBouncerTheStorePassesTheSuite() async throws {
        let server = try await PostgresServer.shared.value
        let bouncer = try await PgBouncer(to: server)
        defer { keepAlive(bouncer) }
        try await SessionStoreSuite {
            try PostgresStore(
                bouncer.url, schema: newSchema(), maximumConnections: 8, timeout: .seconds(60),
                isTransactionPooled: true)
        }.run()
    }
}
