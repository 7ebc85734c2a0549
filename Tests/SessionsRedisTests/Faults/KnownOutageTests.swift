// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import NIOCore
import Sessions
import SessionsTesting
import TestSupport
import Testing

@testable import SessionsRedis

/// Servers that are known to be down, or to refuse: requests wait for them once, and not each of them.
@Suite(.timeLimit(.minutes(5))) struct KnownOutageTests {
    private static let patience = Duration.seconds(1)

    private static func store(
        _ url: String, _ change: (inout RedisConfiguration) -> Void = { _ in }
    ) throws -> RedisStore {
        var configuration = try RedisConfiguration(url: url)
        configuration.operationTimeout = self.patience
        configuration.connectTimeout = .milliseconds(500)
        configuration.commandTimeout = .milliseconds(500)
        change(&configuration)
        return try RedisStore(configuration)
    }

    /// Fails until the outage is known, and then thirty times, which would take half a minute if each waited.
    private static func expectAtOnce(
        _ code: RedisStoreError.Kind, _ call: @escaping @Sendable () async throws -> Void
    ) async throws {
        let first = await failure(RedisStoreError.self) { try await call() }
        #expect(first?.kind == code)
        try await eventually("the outage is known") {
            let began = ContinuousClock.now
            let error = await failure(RedisStoreError.self) { try await call() }
            return error != nil && began.duration(to: .now) < .milliseconds(300)
        }
        let time = await ContinuousClock().measure {
            for _ in 0..<30 {
                let error = await failure(RedisStoreError.self) { try await call() }
                #expect(error?.kind == code)
            }
        }
        #expect(time < .seconds(10), "\(time)")
    }

    private static func read(_ store: RedisStore) -> @Sendable () async throws -> Void {
        { _ = try await store.read(.number(1), at: start) }
    }

    @Test func aServerThatRefusesConnectionsIsWaitedForOnceAndFoundAgain() async throws {
        let server = try await RedisServer.start(["--appendonly", "yes", "--appendfsync", "always"])
        defer { keepAlive(server) }
        let store = try Self.store(server.url)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        try await server.kill()
        try await Self.expectAtOnce(.unreachable, Self.read(store))
        try await server.start()
        // Nothing but the node's own probe finds it: a request does not wait for a connection.
        try await eventually("the store finds the server again") {
            (try? await store.read(.number(1), at: start)) != nil
        }
    }

    @Test(arguments: [OutagePolicy.fail, .anonymous])
    func visitorsAreHeldUpByNeitherPolicy(policy: OutagePolicy) async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        var configuration = SessionConfiguration.stored(in: try Self.store(server.url))
        configuration.outagePolicy = policy
        let sessions = try SessionManager(
            keys: SecretKeys(SecretKey(bytes: SessionRandom.system.bytes(32))), configuration: configuration,
            clock: ManualClock().sessionClock)
        let first = try await sessions.open([])
        first["user"] = "arthur"
        let cookie = String(try #require(try await sessions.commit(first).setCookie).prefix { $0 != ";" })
        try await server.kill()
        @Sendable func visit() async -> SessionError? {
            await failure(SessionError.self) {
                let session = try await sessions.open([cookie])
                #expect(policy == .anonymous && session.isEmpty)
            }
        }
        _ = await visit()
        _ = await visit()
        let time = await ContinuousClock().measure {
            for _ in 0..<30 { #expect(await visit()?.retryAfter == (policy == .fail ? .seconds(5) : nil)) }
        }
        #expect(time < .seconds(10), "\(time)")
    }

    @Test func anOutageThatIsShorterThanAnOperationMayTakeIsStillWaitedFor() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try Self.store(server.url) { $0.operationTimeout = .seconds(60) }
        #expect(try await store.read(.number(1), at: start) == nil)
        for _ in 0..<2 {
            try await server.kill()
            async let isWritten = store.write(try record(), replacing: nil, at: start)
            try await server.start()
            #expect(try await isWritten)
        }
    }

    @Test func aServerThatHangsIsWaitedForOnce() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try Self.store("redis://127.0.0.1:\(proxy.port)")
        #expect(try await store.read(.number(1), at: start) == nil)
        proxy.fault = .stalled
        _ = await failure(RedisStoreError.self) { try await Self.read(store)() }
        try await eventually("the outage is known") {
            let began = ContinuousClock.now
            _ = await failure(RedisStoreError.self) { try await Self.read(store)() }
            return began.duration(to: .now) < .milliseconds(200)
        }
        let time = await ContinuousClock().measure {
            for _ in 0..<30 { #expect(await failure(RedisStoreError.self) { try await Self.read(store)() } != nil) }
        }
        #expect(time < .seconds(10), "\(time)")
        proxy.fault = .none
        try await eventually("the store finds the server again") {
            await failure(RedisStoreError.self) { try await Self.read(store)() } == nil
        }
    }

    @Test func aNameThatIsNotKnownIsWaitedForOnce() async throws {
        try await Self.expectAtOnce(.unreachable, Self.read(try Self.store("redis://dewar.invalid")))
    }

    @Test func aWrongPasswordIsAnErrorAtOnceUntilItIsRight() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        try await server.command("CONFIG", "SET", "requirepass", "right")
        let store = try Self.store("redis://:wrong@127.0.0.1:\(server.port)") { $0.operationTimeout = .seconds(60) }
        try await Self.expectAtOnce(.denied, Self.read(store))
        let other = try Self.store("redis://:right@127.0.0.1:\(server.port)")
        _ = try await other.client.run(
            RedisCommand("CONFIG", ["SET", "requirepass", "wrong"].map { Array($0.utf8) }))
        try await eventually("the store signs in") {
            await failure(RedisStoreError.self) { try await Self.read(store)() } == nil
        }
    }

    @Test func aReplicaRefusesWritesAtOnceAndIsReadMeanwhile() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try Self.store(server.url)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        try await server.command("REPLICAOF", "127.0.0.1", "1")
        try await Self.expectAtOnce(.readOnly) {
            _ = try await store.write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(try await store.read(.number(1), at: start) == record())
        #expect(await failure(RedisStoreError.self) { try await store.remove(.number(1)) }?.kind == .readOnly)
        try await server.command("REPLICAOF", "NO", "ONE")
        // Each write is its own probe.
        #expect(try await store.write(try record(version: 2), replacing: 1, at: start))
    }

    @Test func aClustersServerThatIsDownFailsItsSlotsAtOnceAndNoOthers() async throws {
        let cluster = try await RedisCluster.start()
        defer { keepAlive(cluster) }
        let store = try Self.store(cluster.url)
        let owner = try await cluster.owner(of: KeySlot.of(store.keys.session(try .number(1))))
        var elsewhere: [Int] = []
        for number in 2...30 {
            let slot = KeySlot.of(store.keys.session(try .number(number)))
            if try await cluster.owner(of: slot) != owner { elsewhere.append(number) }
        }
        #expect(try await store.read(.number(1), at: start) == nil)
        try await cluster.servers[owner].kill()
        try await Self.expectAtOnce(.unreachable, Self.read(store))
        for number in elsewhere { #expect(try await store.write(try record(number), replacing: nil, at: start)) }
        try await cluster.servers[owner].start()
        try await eventually("its slots are served again") {
            await failure(RedisStoreError.self) { try await Self.read(store)() } == nil
        }
    }

    @Test func aClusterWithoutAServerFailsAtOnce() async throws {
        let ports = try await [freePort(), freePort()]
        let store = try Self.store("redis+cluster://127.0.0.1:\(ports[0]),127.0.0.1:\(ports[1])")
        try await Self.expectAtOnce(.unreachable, Self.read(store))
    }

    @Test func sentinelsThatAreAllDownFailAtOnce() async throws {
        let ports = try await [freePort(), freePort()]
        let store = try Self.store("redis+sentinel://127.0.0.1:\(ports[0]),127.0.0.1:\(ports[1])/shop")
        try await Self.expectAtOnce(.unreachable, Self.read(store))
    }

    /// The server takes no further connection, and the one that there is goes on.
    @Test func aConnectionThatIsRefusedBesideOneThatWorksIsNoOutage() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try Self.store(server.url) { $0.connectionsPerServer = 4 }
        #expect(try await store.write(try record(), replacing: nil, at: start))
        try await server.command("CONFIG", "SET", "maxclients", "1")
        let clock = ContinuousClock()
        let began = clock.now
        while began.duration(to: clock.now) < Self.patience * 2 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let found = try await store.read(.number(1), at: start)
                        #expect(found != nil)
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
