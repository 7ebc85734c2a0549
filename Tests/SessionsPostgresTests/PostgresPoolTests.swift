// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsPostgres
import TestSupport
import Testing

@Suite struct PostgresPoolTests {
    @Test func aReadAWriteAndARemovalAreOneRoundTripEach() async throws {
        let server = try await PostgresServer.shared.value
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try PostgresStore(server.url(port: proxy.port), schema: newSchema(), maximumConnections: 1)
        // The first time of each opens the connection and prepares the statement.
        let operations: [(PostgresStore) async throws -> Bool] = [
            { try await $0.write(try record(user: "u"), replacing: nil, at: start) },
            { try await $0.read(.number(1), at: start) != nil },
            { try await $0.write(try record(version: 2, user: "u"), replacing: 1, at: start) },
            { try await !$0.write(try record(version: 2), replacing: 1, at: start) },
            { try await $0.ids(ofUser: "u", at: start) == [.number(1)] },
            { try await !$0.remove(.number(1), ifVersion: 1) },
            { try await $0.remove(.number(1), ifVersion: 2) },
            { try await $0.remove(.number(1), ifVersion: nil) },
            { try await $0.removeExpired(at: start, limit: 10) == 0 },
        ]
        for operation in operations { #expect(try await operation(store)) }
        for (number, operation) in operations.enumerated() {
            let before = proxy.roundTrips
            #expect(try await operation(store), "operation \(number)")
            #expect(proxy.roundTrips - before == 1, "operation \(number)")
        }
    }

    @Test func whenAllConnectionsAreInUseACallWaitsAndThenThrows() async throws {
        let server = try await PostgresServer.shared.value
        let schema = newSchema()
        let other = try PostgresStore(server.url, schema: schema, timeout: .seconds(60))
        #expect(try await other.write(try record(), replacing: nil, at: start))
        let store = try PostgresStore(server.url, schema: schema, maximumConnections: 1, timeout: .seconds(4))
        let locker = try await RowLock(on: schema, server)
        let began = ContinuousClock.now
        let codes = await withTaskGroup(of: PostgresStoreError.Kind?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    await failure(PostgresStoreError.self) { try await store.remove(.number(1)) }?.kind
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(began.duration(to: .now) < .seconds(30))
        #expect(codes.allSatisfy { $0 == .timedOut || $0 == .exhausted }, "\(codes)")
        #expect(codes.contains(.timedOut) && codes.contains(.exhausted), "\(codes)")
        try await locker.release()
        #expect(try await store.remove(.number(1), ifVersion: 1))
        await other.shutdown()
    }

    @Test func cancelledCallsNeitherLeakAConnectionNorCrossTheirAnswers() async throws {
        let store = try await newStore(maximumConnections: 3)
        for number in 0..<20 {
            #expect(try await store.write(try record(number, contents: [UInt8(number)]), replacing: nil, at: start))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client in 0..<100 {
                group.addTask {
                    for round in 0..<20 {
                        let number = (client * 7 + round) % 20
                        let call = Task { try await store.read(.number(number), at: start) }
                        if Int.random(in: 0..<3) == 0 { call.cancel() }
                        let (answer, expected) = (try await call.value, try record(number, contents: [UInt8(number)]))
                        #expect(answer == expected)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func afterShutdownEverythingThrowsAndNothingIsConnected() async throws {
        let server = try await PostgresServer.shared.value
        let name = newSchema()
        let url = server.url(options: "application_name=\(name)")
        let store = try PostgresStore(url, schema: newSchema())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask { _ = try await store.write(try record(number), replacing: nil, at: start) }
            }
            try await group.waitForAll()
        }
        let connected = "SELECT 1::text FROM pg_stat_activity WHERE application_name = '\(name)'"
        #expect(try await !server.execute(connected).isEmpty)
        await store.shutdown()
        await store.shutdown()
        #expect(await failure(PostgresStoreError.self) { try await store.prepare() }?.kind == .shutDown)
        try await eventually("the connections are closed") { try await server.execute(connected).isEmpty }
    }

    @Test func theServiceClosesTheConnectionsWhenItIsToldToStop() async throws {
        let store = try await newStore()
        try await store.prepare()
        let service = Task { await store.run() }
        #expect(try await store.read(.number(1), at: start) == nil)
        service.cancel()
        await service.value
        #expect(await failure(PostgresStoreError.self) { try await store.prepare() }?.kind == .shutDown)
    }

    @Test func aServerThatIsNotThereIsAnErrorAtOnce() async throws {
        let store = try PostgresStore(
            "postgres://someone:hunter2@127.0.0.1:\(try await freePort())/app", timeout: .seconds(60))
        let began = ContinuousClock.now
        let error = await failure(PostgresStoreError.self) { _ = try await store.read(.number(1), at: start) }
        #expect(error?.kind == .cannotConnect)
        #expect(began.duration(to: .now) < .seconds(30))
        #expect(error?.message.contains("refused") == true)
        #expect(error?.message.contains("hunter2") == false)
    }

    @Test func aPasswordIsCheckedAndNeverShown() async throws {
        let server = try await PostgresServer.shared.value
        let (schema, password) = (newSchema(), "p\u{e4}ss%2F@'\\word")
        try await server.execute(
            "SET password_encryption = 'scram-sha-256'",
            "DO $$ BEGIN CREATE ROLE secured LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
            "ALTER ROLE secured PASSWORD E'p\\u00e4ss%2F@''\\\\word'", "CREATE SCHEMA \(schema) AUTHORIZATION secured")
        let encoded = "p%C3%A4ss%252F%40%27%5Cword"
        let url = "postgres://secured:\(encoded)@127.0.0.1:\(server.port)/postgres"
        let store = try PostgresStore(url, schema: schema)
        try await store.prepare()
        var dumped = ""
        dump(store, to: &dumped)
        for text in [dumped, "\(store)", String(reflecting: store)] {
            #expect(!text.contains(password) && !text.contains(encoded) && !text.contains("secured"))
        }
        let wrong = try PostgresStore(url.replacing(encoded, with: "hunter2"), schema: schema)
        let error = await failure(PostgresStoreError.self) { try await wrong.prepare() }
        #expect(error?.kind == .cannotConnect)
        #expect(error?.message.contains("hunter2") == false)
    }

    @Test(arguments: [
        "mysql://user:hunter2@host/db", "postgres://user:hunter2@ss@host/db", "postgres://user:hunter/2@host/db",
        "postgres://user:1/hunter2@host/db", "host=a password=hunter2 b", "postgres://user:hunter2@host/db?x=y",
        "postgres://user:%zzhunter2@host/db", "hunter2", "host=a\0hunter2",
    ])
    func aWrongConnectionStringIsRefusedAndNotQuoted(text: String) async {
        let error = await failure(PostgresStoreError.self) { _ = try PostgresStore(text) }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.message.contains("hunter") == false)
    }

    @Test func whatIsLeftOpenTheEnvironmentSays() async throws {
        let server = try await PostgresServer.shared.value
        // Every other test names its port.
        setenv("PGPORT", "\(server.port)", 1)
        defer { unsetenv("PGPORT") }
        try await PostgresStore("host=127.0.0.1 user=postgres", schema: newSchema()).prepare()
        _ = try PostgresStore()
    }

    @Test func tlsThatTheServerDoesNotHaveIsAnError() async throws {
        let server = try await PostgresServer.shared.value
        let store = try PostgresStore(server.url(options: "sslmode=require"))
        let error = await failure(PostgresStoreError.self) { try await store.prepare() }
        #expect(error?.kind == .cannotConnect)
        #expect(error?.message.contains("SSL") == true)
    }
}
