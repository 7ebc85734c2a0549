// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

/// Servers that die, are full, forget scripts, or refuse.
@Suite(.timeLimit(.minutes(5))) struct ServerFaultTests {
    private static let durable = ["--appendonly", "yes", "--appendfsync", "always"]

    @Test func aServerThatIsKilledAndRestartedIsWaitedFor() async throws {
        let server = try await RedisServer.start(Self.durable)
        defer { keepAlive(server) }
        var configuration = try RedisConfiguration(url: server.url)
        configuration.operationTimeout = .seconds(60)
        let store = try RedisStore(configuration)
        var version = 1
        #expect(try await store.write(try record(), replacing: nil, at: start))
        for _ in 0..<3 {
            try await server.kill()
            let next = try record(version: version + 1)
            let replaced = version
            async let read = store.read(.number(1), at: start)
            async let isWritten = store.write(next, replacing: replaced, at: start)
            try await server.start()
            #expect([version, version + 1].contains(try await read?.version ?? 0))
            #expect(try await isWritten)
            version += 1
        }
        #expect(try await store.read(.number(1), at: start) == record(version: version))
    }

    @Test func noAcknowledgedWriteIsLostWhenAServerIsKilledWhileItIsWritten() async throws {
        let server = try await RedisServer.start(Self.durable)
        defer { keepAlive(server) }
        var configuration = try RedisConfiguration(url: server.url)
        configuration.operationTimeout = .seconds(60)
        let store = try RedisStore(configuration)
        for number in 0..<20 { #expect(try await store.write(try record(number), replacing: nil, at: start)) }
        let (isOver, acknowledged) = (Shared(false), Shared(0))
        try await withThrowingTaskGroup(of: (number: Int, version: Int)?.self) { group in
            for number in 0..<20 {
                group.addTask {
                    var version = 1
                    while !isOver.value {
                        let next = try record(number, version: version + 1)
                        // It is the only writer: nothing may stay open, and nothing may be refused.
                        #expect(try await store.write(next, replacing: version, at: start))
                        version += 1
                        acknowledged.change { $0 += 1 }
                    }
                    return (number, version)
                }
            }
            group.addTask {
                for _ in 0..<3 {
                    let before = acknowledged.value
                    try await eventually("writes go on") { acknowledged.value > before + 50 }
                    try await server.kill()
                    try await server.start()
                }
                isOver.value = true
                return nil
            }
            for try await case let (number, version)? in group {
                #expect(try await store.read(.number(number), at: start) == record(number, version: version))
            }
        }
    }

    @Test func aServerThatIsGoneIsAClearErrorAndNotAnEmptySession() async throws {
        let server = try await RedisServer.start(Self.durable)
        defer { keepAlive(server) }
        var configuration = try RedisConfiguration(url: server.url)
        configuration.operationTimeout = .milliseconds(200)
        let store = try RedisStore(configuration)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        try await server.kill()
        for _ in 0..<3 {
            let error = await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) }
            #expect(error?.kind == .unreachable)
            #expect(error?.description.contains("127.0.0.1:\(server.port)") == true)
        }
        #expect(await failure(RedisStoreError.self) { try await store.remove(.number(1)) }?.kind == .unreachable)
        #expect(
            await failure(RedisStoreError.self) { _ = try await store.ids(ofUser: "u", at: start) }?.kind
                == .unreachable)
        try await server.start()
        try await eventually("the store finds the server again by itself") {
            await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) } == nil
        }
    }

    @Test func scriptsThatTheServerHasForgottenAreGivenToItAgain() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        for number in 1...20 {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
            try await server.command("SCRIPT", "FLUSH")
            #expect(try await store.write(try record(number, version: 2, user: "u"), replacing: 1, at: start))
            try await server.command("SCRIPT", "FLUSH")
            #expect(try await !store.remove(.number(number), ifVersion: 1))
            try await server.command("SCRIPT", "FLUSH")
            #expect(try await store.remove(.number(number), ifVersion: 2))
        }
    }

    @Test func aFullServerLosesNothing() async throws {
        let server = try await RedisServer.start(["--maxmemory", "4mb", "--maxmemory-policy", "noeviction"])
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        var written: [SessionRecord] = []
        var error: RedisStoreError?
        while error == nil, written.count < 1000 {
            let next = try record(written.count, contents: SessionRandom.system.bytes(50_000), user: "u")
            error = await failure(RedisStoreError.self) { _ = try await store.write(next, replacing: nil, at: start) }
            if error == nil { written.append(next) }
        }
        #expect(error?.kind == .full)
        #expect(!written.isEmpty)
        for record in written { #expect(try await store.read(record.id, at: start) == record) }
        #expect(Set(try await store.ids(ofUser: "u", at: start)) == Set(written.map(\.id)))
        // People can still sign out, and that makes room.
        for record in written.prefix(20) { #expect(try await store.remove(record.id, ifVersion: 1)) }
        #expect(try await store.write(try record(5000), replacing: nil, at: start))
    }

    @Test func tooManyCommandsAreRefusedAtOnceAndThoseUnderWayAreNot() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        var configuration = try RedisConfiguration(url: server.url)
        configuration.maximumPendingCommands = 10
        configuration.operationTimeout = .seconds(30)
        configuration.commandTimeout = .seconds(30)
        let store = try RedisStore(configuration)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        server.pause()
        let outcomes = try await withThrowingTaskGroup(of: RedisStoreError?.self) { group in
            for _ in 0..<30 {
                group.addTask {
                    await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) }
                }
            }
            var outcomes: [RedisStoreError?] = []
            for try await outcome in group {
                outcomes.append(outcome)
                if outcomes.count == 20 { server.resume() }
            }
            return outcomes
        }
        #expect(outcomes.prefix(20).allSatisfy { $0?.kind == .queueFull })
        #expect(outcomes.suffix(10).allSatisfy { $0 == nil })
        #expect(try await store.read(.number(1), at: start) == record())
    }

    @Test func aReplicaMayOnlyBeRead() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        var configuration = try RedisConfiguration(url: server.url)
        configuration.operationTimeout = .milliseconds(200)
        let store = try RedisStore(configuration)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        try await server.command("REPLICAOF", "127.0.0.1", "1")
        #expect(try await store.read(.number(1), at: start) == record())
        let error = await failure(RedisStoreError.self) {
            _ = try await store.write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(error?.kind == .readOnly)
        try await server.command("REPLICAOF", "NO", "ONE")
        #expect(try await store.write(try record(version: 2), replacing: 1, at: start))
    }

    @Test func anErrorDoesNotQuoteWhatWasSent() async throws {
        let server = try await RedisServer.start(["--rename-command", "EVALSHA", "", "--rename-command", "EVAL", ""])
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        let record = try record(contents: Array("my secret diary".utf8), user: "arthur")
        let error = await failure(RedisStoreError.self) { _ = try await store.write(record, replacing: nil, at: start) }
        #expect(error?.description == "The Redis server refused a command (ERR).")
    }
}
