// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

/// Replies go to who asked, whoever else has given up.
@Suite(.timeLimit(.minutes(5))) struct CancellationTests {
    /// `DEWAR_SOAK_SECONDS` makes it longer.
    private static let duration = Duration.seconds(
        ProcessInfo.processInfo.environment["DEWAR_SOAK_SECONDS"].flatMap { Int($0) } ?? 5)

    private struct Tally: Sendable {
        var answered = 0
        var cancelled = 0
        var failures: [String] = []
    }

    @Test func twoHundredClientsThatOftenGiveUpEachGetTheirOwn() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        try await Self.fill(store)
        try await Self.soak(store, for: Self.duration)
        let clients = try await server.command("CLIENT", "LIST", "TYPE", "normal").text ?? ""
        // Two are the store's, one asks.
        #expect(clients.split(separator: "\n").count <= 3)
    }

    @Test func theSameWhileConnectionsAreCut() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        try await Self.fill(store)
        let tally = Shared(Tally())
        let killer = Task {
            while !Task.isCancelled {
                let before = tally.value.answered
                try await eventually("answers come again") { tally.value.answered > before + 100 }
                try await server.command("CLIENT", "KILL", "TYPE", "normal")
            }
        }
        defer { killer.cancel() }
        try await Self.soak(store, for: Self.duration / 2, tally)
    }

    @Test func aCancelledCallerLeavesAtOnce() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        server.pause()
        let read = Task { try await store.read(.number(1), at: start) }
        try await eventually("the command is under way") { !store.client.quota.isEmpty }
        let time = await ContinuousClock().measure {
            read.cancel()
            await #expect(throws: CancellationError.self) { try await read.value }
        }
        #expect(time < .seconds(1))
        server.resume()
        #expect(try await store.read(.number(1), at: start) == record())
    }

    @Test func aCallerWhoWaitsForAConnectionLeavesAtOnceToo() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        server.pause()
        let store = try RedisStore(url: server.url)
        let read = Task { try await store.read(.number(1), at: start) }
        try await eventually("the command is under way") { !store.client.quota.isEmpty }
        read.cancel()
        await #expect(throws: CancellationError.self) { try await read.value }
        #expect(store.client.quota.isEmpty)
        server.resume()
        #expect(try await store.read(.number(1), at: start) == nil)
    }

    /// The map of the slots is read once for all who need it, and not given up with one of them.
    @Test func aCallerWhoWaitsForTheMapOfAClusterLeavesAtOnceAndTheOthersGetIt() async throws {
        let server = try await ScriptedServer { $0[0] == "CLUSTER" ? .hold : nil }
        defer { keepAlive(server) }
        var configuration = try RedisConfiguration(url: "redis+cluster://127.0.0.1:\(server.port)")
        configuration.commandTimeout = .seconds(120)
        let store = try RedisStore(configuration)
        let other = Task { try await store.read(.number(1), at: start) }
        let read = Task { try await store.read(.number(1), at: start) }
        try await eventually("the map is asked for") { server.count(of: "CLUSTER") == 1 }
        read.cancel()
        await #expect(throws: CancellationError.self) { try await read.value }
        server.release()
        #expect(try await other.value == nil)
        #expect(server.count(of: "CLUSTER") == 1)
    }

    private static func fill(_ store: RedisStore) async throws {
        for number in 0..<200 {
            #expect(try await store.write(try Self.own(number, 1), replacing: nil, at: start))
        }
    }

    private static func soak(
        _ store: RedisStore, for duration: Duration, _ tally: Shared<Tally> = Shared(Tally())
    ) async throws {
        let end = ContinuousClock.now + duration
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask { await Self.client(number, store, until: end, tally) }
            }
        }
        let found = tally.value
        print("CancellationTests: \(found.answered) answered, \(found.cancelled) cancelled")
        #expect(found.failures.prefix(5) == [])
        #expect(found.answered > 500)
        #expect(found.cancelled > 100)
        try await eventually("nothing is under way") { store.client.quota.isEmpty }
    }

    private static func client(
        _ number: Int, _ store: RedisStore, until end: ContinuousClock.Instant, _ tally: Shared<Tally>
    ) async {
        while ContinuousClock.now < end {
            let work = Task { try await Self.operation(number, store) }
            if Bool.random() {
                // Let the others do something in between, now more and now less of it.
                for _ in 0..<Int.random(in: 0...50) { await Task.yield() }
                work.cancel()
            }
            let result = await work.result
            tally.change { tally in
                switch result {
                case .success(nil): tally.answered += 1
                case .success(let wrong?): tally.failures.append(wrong)
                case .failure(is CancellationError): tally.cancelled += 1
                case .failure(let error): tally.failures.append("\(error)")
                }
            }
        }
    }

    /// What is wrong; nil when all is well.
    private static func operation(_ number: Int, _ store: RedisStore) async throws -> String? {
        switch Int.random(in: 0..<4) {
        case 0:
            let word = Array("\(number) \(UInt64.random(in: .min ... .max))".utf8)
            let reply = try await store.client.run(RedisCommand("ECHO", [word]))
            return reply == .bytes(word) ? nil : "client \(number) got somebody else's echo"
        case 1:
            guard let old = try await store.read(.number(number), at: start) else { return "\(number) is gone" }
            let next = try Self.own(number, old.version + 1)
            if try await store.write(next, replacing: old.version, at: start) { return nil }
            // Only a write of its own that was cancelled can have come in between.
            guard let later = try await store.read(.number(number), at: start) else { return "\(number) is gone" }
            return later.version > old.version ? nil : "client \(number) was refused for nothing"
        default:
            guard let found = try await store.read(.number(number), at: start) else { return "\(number) is gone" }
            return found == (try Self.own(number, found.version)) ? nil : "client \(number) got somebody else's session"
        }
    }

    private static func own(_ number: Int, _ version: Int) throws -> SessionRecord {
        try record(number, version: version, contents: Array("\(number)".utf8), user: "user \(number)")
    }
}
