// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsPostgres
import TestSupport
import Testing

/// A server that allows fewer connections than the store wants, and one that is known to be down.
@Suite(.timeLimit(.minutes(5))) struct ConnectionLimitTests {
    /// A role of the test's own, which may connect so often, and its schema.
    private static func role(limit: Int) async throws -> (name: String, PostgresServer) {
        let server = try await PostgresServer.shared.value
        let name = newSchema()
        try await server.execute(
            "CREATE ROLE \(name) LOGIN CONNECTION LIMIT \(limit)", "CREATE SCHEMA \(name) AUTHORIZATION \(name)")
        return (name, server)
    }

    private static func readAtOnce(_ count: Int, _ store: PostgresStore) async -> [PostgresStoreError] {
        await withTaskGroup(of: PostgresStoreError?.self) { group in
            for _ in 0..<count {
                group.addTask {
                    await failure(PostgresStoreError.self) {
                        let found = try await store.read(.number(1), at: start)
                        #expect(found != nil)
                    }
                }
            }
            return await group.reduce(into: []) { errors, error in if let error { errors.append(error) } }
        }
    }

    @Test func aServerThatAllowsFewerConnectionsIsUsedWithThose() async throws {
        let (role, server) = try await Self.role(limit: 3)
        let store = try PostgresStore(
            server.url(user: role), schema: role, maximumConnections: 8, timeout: .seconds(30))
        #expect(try await store.write(try record(), replacing: nil, at: start))
        for _ in 0..<5 { #expect(await Self.readAtOnce(20, store) == []) }
        // One after the other they would meet the lane that has no connection.
        for _ in 0..<20 { #expect(try await store.read(.number(1), at: start) != nil) }
        let connected = "SELECT count(*)::text FROM pg_stat_activity WHERE usename = '\(role)'"
        #expect(try await server.execute(connected) == ["3"])
        // With more allowed, more are opened.
        try await server.execute("ALTER ROLE \(role) CONNECTION LIMIT 5")
        try await eventually("more connections are opened") {
            #expect(await Self.readAtOnce(20, store) == [])
            return try await server.execute(connected) == ["5"]
        }
        await store.shutdown()
    }

    /// A connection breaks, and the server allows no other in its place: what was under way is done again on one that
    /// there is.
    @Test func aCallWhoseConnectionBreaksGoesOnWithAnother() async throws {
        let (role, server) = try await Self.role(limit: 3)
        let store = try PostgresStore(
            server.url(user: role), schema: role, maximumConnections: 8, timeout: .seconds(30))
        #expect(try await store.write(try record(), replacing: nil, at: start))
        #expect(await Self.readAtOnce(20, store) == [])
        try await server.execute("ALTER ROLE \(role) CONNECTION LIMIT 1")
        let pids = "SELECT pid::text FROM pg_stat_activity WHERE usename = '\(role)' ORDER BY pid"
        var left = try await server.execute(pids)
        #expect(left.count == 3)
        while left.count > 1 {
            try await server.execute("SELECT pg_terminate_backend(\(left.removeLast()))::text")
            #expect(await Self.readAtOnce(20, store) == [])
        }
        #expect(try await server.execute(pids) == left)
        await store.shutdown()
    }

    /// No other call comes along that would bring the free connection with it.
    @Test func aCallWhoseConnectionIsGoneIsGivenTheOneThatIsFree() async throws {
        let (role, server) = try await Self.role(limit: 2)
        let store = try PostgresStore(
            server.url(user: role), schema: role, maximumConnections: 2, timeout: .seconds(60))
        #expect(try await store.write(try record(), replacing: nil, at: start))
        let pids = "SELECT pid::text FROM pg_stat_activity WHERE usename = '\(role)' ORDER BY query_start"
        try await eventually("there are two connections") {
            #expect(await Self.readAtOnce(20, store) == [])
            return try await server.execute(pids).count == 2
        }
        try await server.execute("ALTER ROLE \(role) CONNECTION LIMIT 1")
        #expect(try await store.read(.number(1), at: start) != nil)
        // The one that was used last is the next to be used.
        let last = try #require(try await server.execute(pids).last)
        try await server.execute("SELECT pg_terminate_backend(\(last))::text")
        let began = ContinuousClock.now
        #expect(try await store.read(.number(1), at: start) != nil)
        let time = began.duration(to: .now)
        #expect(time < .seconds(20), "\(time)")
        await store.shutdown()
    }

    @Test func aRoleThatMayNotConnectAtAllIsAnErrorAtOnceUntilItMay() async throws {
        let (role, server) = try await Self.role(limit: 0)
        let store = try PostgresStore(
            server.url(user: role), schema: role, maximumConnections: 8, timeout: .seconds(60))
        let began = ContinuousClock.now
        let errors = await withTaskGroup(of: PostgresStoreError?.self) { group in
            for _ in 0..<50 {
                group.addTask { await failure(PostgresStoreError.self) { try await store.prepare() } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.allSatisfy { $0?.kind == .cannotConnect }, "\(errors)")
        #expect(errors.first??.message.contains("too many connections") == true)
        #expect(began.duration(to: .now) < .seconds(30))
        try await server.execute("ALTER ROLE \(role) CONNECTION LIMIT 1")
        try await eventually("the store connects") {
            await failure(PostgresStoreError.self) { try await store.prepare() } == nil
        }
        await store.shutdown()
    }

    /// What accepts connections and says nothing holds up the calls that find it out, and no others.
    @Test func aServerThatHangsIsWaitedForOnce() async throws {
        let server = try await PostgresServer.shared.value
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try PostgresStore(
            server.url(port: proxy.port), schema: newSchema(), maximumConnections: 2, timeout: .seconds(2))
        proxy.fault = .stalled
        let error = await failure(PostgresStoreError.self) { try await store.prepare() }
        #expect(error?.kind == .cannotConnect)
        let time = await ContinuousClock().measure {
            for _ in 0..<50 {
                let error = await failure(PostgresStoreError.self) { try await store.prepare() }
                #expect(error?.kind == .cannotConnect)
            }
        }
        #expect(time < .seconds(10), "\(time)")
        proxy.fault = .none
        // A try of the store's own finds it.
        try await eventually("the server is used again") {
            await failure(PostgresStoreError.self) { try await store.prepare() } == nil
        }
        #expect(try await store.write(try record(), replacing: nil, at: start))
        await store.shutdown()
    }
}
