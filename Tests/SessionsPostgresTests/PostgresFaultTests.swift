// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsPostgres
import TestSupport
import Testing

@Suite struct PostgresFaultTests {
    @Test func incrementsThroughFourStoresAreAllCounted() async throws {
        let (stores, _, _) = try await self.stores(4)
        try await increment(stores, tasks: 3, times: 25)
        try await self.expect(300, in: stores[0])
    }

    /// Every answer in so many is cut at some place, of writes too: what was written is known again, and counted once.
    @Test func incrementsAreCountedOnceWhenAnswersAreCut() async throws {
        let server = try await PostgresServer.shared.value
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let (stores, _, _) = try await self.stores(4, through: proxy)
        proxy.fault = .cutSome(every: 10)
        let uncertain = try await self.incrementCertainly(stores, tasks: 2, times: 25)
        proxy.fault = .none
        let count = try await self.count(in: stores[0])
        #expect(uncertain < 100)
        #expect((200 - uncertain...200).contains(count), "\(count) counted, \(uncertain) uncertain")
    }

    @Test func incrementsAreCountedOnceWhenBackendsAreTerminated() async throws {
        let name = newSchema()
        let (stores, server, _) = try await self.stores(4, options: "application_name=\(name)")
        let killer = Task {
            while !Task.isCancelled {
                try await server.execute(
                    "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE application_name = '\(name)'")
            }
        }
        let uncertain = try await self.incrementCertainly(stores, tasks: 2, times: 20)
        killer.cancel()
        let count = try await self.count(in: stores[0])
        #expect(uncertain < 80)
        #expect((160 - uncertain...160).contains(count), "\(count) counted, \(uncertain) uncertain")
    }

    @Test func anAnswerThatIsCutIsAskedForAgain() async throws {
        let server = try await PostgresServer.shared.value
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        // One connection: the first message of another one, which the pool opens meanwhile, would be what is cut.
        let (stores, _, _) = try await self.stores(1, connections: 1, through: proxy)
        var version = 1
        // Between two messages, and in the middle of one.
        for length in [0, 1, 5, 9, 15, 30] {
            proxy.fault = .cutAnswer(after: length)
            #expect(try await stores[0].read(.number(1), at: start)?.version == version)
            // Done, although the answer is lost; then it is our own write that is found.
            proxy.fault = .cutAnswer(after: length)
            version += 1
            #expect(try await stores[0].write(try record(version: version), replacing: version - 1, at: start))
            // Not done at all.
            proxy.fault = .cutRequest
            version += 1
            #expect(try await stores[0].write(try record(version: version), replacing: version - 1, at: start))
            // Somebody else's version is not taken for ours.
            proxy.fault = .cutAnswer(after: length)
            #expect(try await !stores[0].write(try record(version: version), replacing: version - 1, at: start))
            proxy.fault = .cutAnswer(after: length)
            // The first bytes of an answer come before the commit: a new record is there by the next look, or it is not
            // known.
            let unsure = await failure(PostgresStoreError.self) {
                let isWritten = try await stores[0].write(try record(100 + version), replacing: nil, at: start)
                #expect(isWritten)
            }
            #expect(unsure == nil || unsure?.kind == .connectionLost)
            proxy.fault = .cutAnswer(after: length)
            #expect(try await stores[0].remove(.number(100 + version), ifVersion: 1))
            // One that is not there may have been removed since, and is not made a second time.
            proxy.fault = .cutRequest
            let unknown = await failure(PostgresStoreError.self) {
                _ = try await stores[0].write(try record(200 + version), replacing: nil, at: start)
            }
            #expect(unknown?.kind == .connectionLost)
            #expect(try await stores[0].read(.number(200 + version), at: start) == nil)
        }
    }

    @Test func aConnectionThatIsCutAtRestIsNotNoticed() async throws {
        let server = try await PostgresServer.shared.value
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let (stores, _, _) = try await self.stores(1, through: proxy)
        for version in 2..<10 {
            proxy.cut()
            #expect(try await stores[0].write(try record(version: version), replacing: version - 1, at: start))
        }
    }

    @Test func anAnswerThatDoesNotComeIsAnErrorInTime() async throws {
        let server = try await PostgresServer.shared.value
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let (stores, _, schema) = try await self.stores(1, through: proxy)
        proxy.fault = .delayed(milliseconds: 20)
        #expect(try await stores[0].read(.number(1), at: start) != nil)
        proxy.fault = .none
        // With two connections the second call might open the other one.
        let store = try PostgresStore(
            server.url(port: proxy.port), schema: schema, maximumConnections: 1, timeout: .seconds(4))
        #expect(try await store.read(.number(1), at: start) != nil)
        proxy.fault = .stalled
        let began = ContinuousClock.now
        let error = await failure(PostgresStoreError.self) { _ = try await store.read(.number(1), at: start) }
        #expect(error?.kind == .timedOut)
        let next = await failure(PostgresStoreError.self) {
            _ = try await store.write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(next?.kind == .cannotConnect)
        #expect(began.duration(to: .now) < .seconds(60))
        proxy.fault = .none
        // The store finds it by a try of its own, and the last one may still be waiting for its answer.
        try await eventually("the server is used again") {
            await failure(PostgresStoreError.self) { _ = try await store.read(.number(1), at: start) } == nil
        }
        #expect(try await store.write(try record(version: 2), replacing: 1, at: start))
    }

    @Test func aServerThatIsRestartedOrKilledLosesNothingAcknowledged() async throws {
        let server = try await PostgresServer()
        defer { keepAlive(server) }
        let store = try PostgresStore(server.url)
        #expect(try await store.write(try record(contents: Array("0".utf8)), replacing: nil, at: start))
        var all = Acknowledged()
        for isKilled in [false, true] {
            let writer = Task { try await Self.writeOn(store, from: isKilled ? 1_000_000 : 1000) }
            try await eventually("writes go on") { try await self.version(in: server) > (isKilled ? 60 : 20) }
            try await isKilled ? server.kill() : server.stop()
            #expect(
                await failure(PostgresStoreError.self) { _ = try await store.read(.number(1), at: start) }?.kind
                    == .cannotConnect)
            try await server.start()
            let version = try await self.version(in: server)
            try await eventually("writes go on again") { try await self.version(in: server) > version + 10 }
            writer.cancel()
            all += try await writer.value
        }
        #expect(all.failures.isSubset(of: [.cannotConnect, .connectionLost]), "\(all.failures)")
        #expect(all.records.count > 60)
        for number in all.records {
            #expect(try await store.read(.number(number), at: start) == record(number))
        }
        let count = try await self.count(in: store)
        #expect((all.increments...all.increments + all.uncertain).contains(count), "\(count) of \(all.increments)")
        try await server.stop()
    }

    @Test func aDatabaseThatMayOnlyBeReadIsReadAndNotWritten() async throws {
        let (stores, server, schema) = try await self.stores(1)
        let url = server.url(options: "options=-c%20default_transaction_read_only%3Don")
        let store = try PostgresStore(url, schema: schema)
        #expect(try await store.read(.number(1), at: start)?.version == 1)
        let error = await failure(PostgresStoreError.self) {
            _ = try await store.write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(error?.kind == .readOnly)
        #expect(error?.sqlState == "25006")
        #expect(try await stores[0].read(.number(1), at: start)?.version == 1)
    }

    /// A real limit of the system: no file of the server may become longer than two megabytes.
    @Test func aServerThatCannotWriteLosesNothing() async throws {
        let server = try await PostgresServer(fileSizeLimit: 4096)
        defer { keepAlive(server) }
        let store = try PostgresStore(server.url)
        var written = 0
        var error: PostgresStoreError?
        while error == nil, written < 5000 {
            let contents = (0..<1900).map { _ in UInt8.random(in: 0...255) }
            let next = try record(written, contents: contents)
            error = await failure(PostgresStoreError.self) {
                let isWritten = try await store.write(next, replacing: nil, at: start)
                #expect(isWritten)
                written += 1
            }
        }
        #expect(error?.kind == .failed)
        #expect(error?.message.contains("too large") == true, "\(String(describing: error))")
        for number in 0..<written { #expect(try await store.read(.number(number), at: start) != nil) }
        #expect(try await store.remove(.number(0), ifVersion: 1))
        try await server.stop()
    }

    @Test(arguments: [("53100", PostgresStoreError.Kind.full), ("53200", .full), ("23514", .failed)])
    func whatTheServerSaysIsTold(sqlState: String, code: PostgresStoreError.Kind) async throws {
        let (stores, server, schema) = try await self.stores(1)
        try await self.refuseUpdates(with: sqlState, in: schema, server)
        let error = await failure(PostgresStoreError.self) {
            _ = try await stores[0].write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(error?.kind == code)
        #expect(error?.message.hasSuffix("(PostgreSQL error \(sqlState): no).") == true)
    }

    /// The first try may have been done. What the server says to the second one would mean that nothing was written.
    @Test(arguments: ["53100", "42501", "25006"])
    func aWriteThatIsRefusedAfterALossMayHaveHappened(sqlState: String) async throws {
        let server = try await PostgresServer.shared.value
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let (stores, _, schema) = try await self.stores(1, through: proxy)
        try await self.refuseUpdates(with: sqlState, in: schema, server)
        proxy.fault = .cutRequest
        let error = await failure(PostgresStoreError.self) {
            _ = try await stores[0].write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(error?.kind == .connectionLost)
        #expect(proxy.fault == .none)
    }

    @Test func aTableThatIsAlteredWhileItIsUsedIsNoticed() async throws {
        let (stores, server, schema) = try await self.stores(1)
        #expect(try await stores[0].read(.number(1), at: start)?.version == 1)
        // The prepared statement's result would have another type.
        try await server.execute(
            "ALTER TABLE \(schema).dewar_sessions ALTER COLUMN grace_end TYPE text USING NULL",
            "ALTER TABLE \(schema).dewar_sessions ALTER COLUMN grace_end TYPE bigint USING NULL")
        #expect(try await stores[0].read(.number(1), at: start)?.version == 1)
    }

    @Test func aRowThatIsNotOursIsAnError() async throws {
        let (stores, server, schema) = try await self.stores(1)
        try await server.execute("UPDATE \(schema).dewar_sessions SET id = 'x', \"user\" = 'u'")
        let error = await failure(PostgresStoreError.self) { _ = try await stores[0].ids(ofUser: "u", at: start) }
        #expect(error?.kind == .damaged)
    }

    /// Stores on one table, in which the first record counts from 0.
    private func stores(
        _ count: Int, connections: Int = 2, through proxy: TestProxy? = nil, options: String = ""
    ) async throws -> ([PostgresStore], PostgresServer, String) {
        let server = try await PostgresServer.shared.value
        let schema = newSchema()
        let stores = try (0..<count).map { _ in
            try PostgresStore(
                server.url(port: proxy?.port, options: options), schema: schema, maximumConnections: connections,
                timeout: .seconds(60))
        }
        #expect(try await stores[0].write(try record(contents: Array("0".utf8)), replacing: nil, at: start))
        return (stores, server, schema)
    }

    private func refuseUpdates(with sqlState: String, in schema: String, _ server: PostgresServer) async throws {
        try await server.execute(
            "CREATE FUNCTION \(schema).refuse() RETURNS trigger LANGUAGE plpgsql AS "
                + "$$ BEGIN RAISE 'no' USING ERRCODE = '\(sqlState)', DETAIL = 'my secret diary'; END $$",
            "CREATE TRIGGER refuse BEFORE UPDATE ON \(schema).dewar_sessions FOR EACH ROW "
                + "EXECUTE FUNCTION \(schema).refuse()")
    }

    /// Increments until each is known to be done; gives how many were given up as unknown.
    private func incrementCertainly(_ stores: [PostgresStore], tasks: Int, times: Int) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for store in stores {
                for _ in 0..<tasks {
                    group.addTask {
                        var failures = Set<PostgresStoreError.Kind>()
                        var uncertain = 0
                        for _ in 0..<times {
                            if try await !increment(store, tolerating: &failures) { uncertain += 1 }
                        }
                        #expect(failures.isSubset(of: [.connectionLost, .cannotConnect]), "\(failures)")
                        return uncertain
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// New records and increments, one after the other, until the task is cancelled.
    private static func writeOn(_ store: PostgresStore, from first: Int) async throws -> Acknowledged {
        var done = Acknowledged()
        var number = first
        while !Task.isCancelled {
            number += 1
            let new = try record(number)
            let error = await failure(PostgresStoreError.self) {
                let isWritten = try await store.write(new, replacing: nil, at: start)
                #expect(isWritten)
            }
            if let error {
                done.failures.insert(error.kind)
                continue
            }
            done.records.append(number)
            if try await increment(store, tolerating: &done.failures) {
                done.increments += 1
            } else {
                done.uncertain += 1
            }
        }
        return done
    }

    private func count(in store: PostgresStore) async throws -> Int {
        let record = try #require(try await store.read(.number(1), at: start))
        let count = try #require(Int(String(decoding: record.contents, as: UTF8.self)))
        #expect(record.version == count + 1)
        return count
    }

    private func expect(_ number: Int, in store: PostgresStore) async throws {
        #expect(try await self.count(in: store) == number)
    }

    private func version(in server: PostgresServer) async throws -> Int {
        let rows = try await server.execute("SELECT version::text FROM dewar_sessions ORDER BY id LIMIT 1")
        return try #require(Int(rows.first ?? ""))
    }
}

/// What a server has said that it did, and what it has left open.
private struct Acknowledged {
    var records: [Int] = []
    var increments = 0
    var uncertain = 0
    var failures = Set<PostgresStoreError.Kind>()

    static func += (left: inout Self, right: Self) {
        left.records += right.records
        left.increments += right.increments
        left.uncertain += right.uncertain
        left.failures.formUnion(right.failures)
    }
}

/// One increment; false when it is not known whether it was done.
private func increment(
    _ store: PostgresStore, tolerating failures: inout Set<PostgresStoreError.Kind>
) async throws -> Bool {
    while !Task.isCancelled {
        do {
            try await increment(store)
            return true
        } catch let error as PostgresStoreError {
            failures.insert(error.kind)
            // What was not sent was not done.
            if error.kind != .cannotConnect { return false }
        }
    }
    return false
}
