// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import NIOCore
import ServiceLifecycle
import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

@Suite(.timeLimit(.minutes(5))) struct ShutdownTests {
    @Test func whatIsUnderWayIsFinishedAndNothingMoreIsTaken() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try RedisStore(url: "redis://127.0.0.1:\(proxy.port)")
        #expect(try await store.write(try record(), replacing: nil, at: start))
        proxy.fault = .delayed(milliseconds: 100)
        let before = proxy.roundTrips
        async let read = store.read(.number(1), at: start)
        try await eventually("the command is under way") { proxy.roundTrips > before }
        await store.shutdown()
        #expect(try await read == record())
        #expect(
            await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) }?.kind == .closed)
        try await eventually("the connections are closed") {
            let clients = try await server.command("CLIENT", "LIST", "TYPE", "normal").text ?? ""
            return clients.split(separator: "\n").count == 1
        }
    }

    /// As where a reply takes too long, or a replica refuses writes.
    @Test func aConnectionThatIsBeingReplacedIsWaitedForToo() async throws {
        let server = try await ScriptedServer { $0[0] == "GET" ? .hold : nil }
        defer { keepAlive(server) }
        let (address, isEnded) = (server.address, Shared(false))
        let node = RedisNode(
            settings: .tests, login: RedisLogin(username: nil, password: nil), logger: Logger(label: "test")
        ) { address }
        async let replies = node.send([RedisCommand("GET")])
        try await eventually("the command is under way") { server.count(of: "GET") == 1 }
        node.reconnect()
        let end = Task {
            await node.shutdown()
            isEnded.value = true
        }
        try await eventually("nothing more is taken") {
            await failure(RedisFailure.self) { _ = try await node.send([RedisCommand("PING")]) } != nil
        }
        #expect(!isEnded.value)
        server.release()
        #expect(try await replies == [.null])
        await end.value
    }

    @Test(arguments: ["redis://127.0.0.1:1", "redis+cluster://127.0.0.1:1"])
    func aStoreThatWasNeverUsedEnds(url: String) async throws {
        let store = try RedisStore(url: url)
        await store.shutdown()
        #expect(
            await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) }?.kind == .closed)
    }

    @Test func asAServiceItEndsWithTheGroup() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        let group = ServiceGroup(services: [store], logger: Logger(label: "test"))
        let run = Task { try await group.run() }
        #expect(try await store.write(try record(), replacing: nil, at: start))
        await group.triggerGracefulShutdown()
        try await run.value
        #expect(
            await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) }?.kind == .closed)
    }

    @Test func aStoreThatNobodyHoldsLeavesNoConnection() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        for _ in 0..<5 {
            let store = try RedisStore(url: server.url)
            #expect(try await store.read(.number(1), at: start) == nil)
        }
        try await eventually("the connections are closed") {
            let clients = try await server.command("CLIENT", "LIST", "TYPE", "normal").text ?? ""
            return clients.split(separator: "\n").count == 1
        }
    }
}
