// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import NIOCore
import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

/// Connections that end, hang or are slow, made so by a proxy.
@Suite(.timeLimit(.minutes(5))) struct LostConnectionTests {
    @Test func aConnectionThatIsCutAnywhereInAReplyIsRetriedAndNothingIsDoneTwice() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try Self.store(at: proxy)
        #expect(try await store.write(try record(user: "u"), replacing: nil, at: start))
        var version = 1
        for cut in [0, 1, 2, 3, 5, 10, 50, 100] {
            proxy.fault = .cutAnswer(after: cut)
            #expect(try await store.read(.number(1), at: start) == record(version: version, user: "u"))
            proxy.fault = .cutAnswer(after: min(cut, 3))
            let next = try record(version: version + 1, user: "u")
            #expect(try await store.write(next, replacing: version, at: start))
            version += 1
            #expect(try await store.read(.number(1), at: start)?.version == version)
            proxy.fault = .cutAnswer(after: cut)
            #expect(try await store.ids(ofUser: "u", at: start) == [.number(1)])
            proxy.fault = .none
        }
    }

    @Test func aNewRecordWhoseAnswerIsLostIsFound() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try Self.store(at: proxy)
        // From now on the server knows the script, so that what is lost is the answer to the write.
        #expect(try await store.write(try record(2), replacing: nil, at: start))
        proxy.fault = .cutAnswer(after: 0)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        #expect(proxy.fault == .none)
        #expect(try await store.read(.number(1), at: start) == record())
    }

    @Test func aNewRecordThatIsNotThereAfterALossIsAnErrorAndIsNotPutThere() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try Self.store(at: proxy)
        #expect(try await store.read(.number(1), at: start) == nil)
        // What is lost is that the server does not know the script.
        proxy.fault = .cutAnswer(after: 0)
        let error = await failure(RedisStoreError.self) {
            _ = try await store.write(try record(), replacing: nil, at: start)
        }
        #expect(error?.kind == .connectionLost)
        #expect(try await store.read(.number(1), at: start) == nil)
    }

    @Test func aRemovalWhoseAnswerIsLostIsDoneAgain() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try Self.store(at: proxy)
        for number in 1...2 { #expect(try await store.write(try record(number), replacing: nil, at: start)) }
        proxy.fault = .cutAnswer(after: 0)
        #expect(try await store.remove(.number(1), ifVersion: 1))
        proxy.fault = .cutAnswer(after: 0)
        try await store.remove(.number(2))
        for number in 1...2 { #expect(try await store.read(.number(number), at: start) == nil) }
    }

    @Test func additionsThroughAFailingNetworkAreEachDoneOnce() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try Self.store(at: proxy)
        #expect(try await store.write(try record(contents: []), replacing: nil, at: start))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for client: UInt8 in 0..<4 {
                group.addTask {
                    for number: UInt8 in 0..<25 {
                        proxy.fault = .cutAnswer(after: Int.random(in: 0...300))
                        try await Self.add([client, number], store)
                    }
                }
            }
            while try await group.next() != nil {}
        }
        proxy.fault = .none
        let found = try #require(try await store.read(.number(1), at: start))
        #expect(found.contents.count == 200)
        #expect(found.version == 101)
    }

    @Test func aSlowServerIsWaitedForAndItsRepliesArePipelined() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try Self.store(at: proxy)
        for number in 0..<50 { #expect(try await store.write(try record(number), replacing: nil, at: start)) }
        proxy.fault = .delayed(milliseconds: 100)
        let time = try await ContinuousClock().measure {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let found = try await store.read(.number(number), at: start)
                        #expect(try found == record(number))
                    }
                }
                while try await group.next() != nil {}
            }
        }
        // One after the other they would take five seconds.
        #expect(time < .seconds(2))
    }

    @Test func aServerThatStallsIsAnErrorAndItsConnectionIsNotUsedAgain() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let proxy = try await TestProxy(to: server.port)
        defer { keepAlive(proxy) }
        let store = try Self.store(at: proxy) {
            $0.commandTimeout = .milliseconds(100)
            $0.connectTimeout = .milliseconds(100)
            $0.operationTimeout = .milliseconds(300)
        }
        #expect(try await store.write(try record(), replacing: nil, at: start))
        proxy.fault = .stalled
        #expect(
            await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) }?.kind == .timedOut)
        let error = await failure(RedisStoreError.self) {
            _ = try await store.write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(error?.kind == .timedOut)
        proxy.fault = .none
        // It is known to be down by now, and is found by a try of the store's own.
        try await eventually("the server is used again") {
            await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) } == nil
        }
        #expect(try await store.read(.number(1), at: start) == record())
        #expect(try await store.write(try record(version: 2), replacing: 1, at: start))
    }

    @Test func aServerThatStallsForAMomentIsOnlySlow() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        server.pause()
        async let read = store.read(.number(1), at: start)
        async let isWritten = store.write(try record(2), replacing: nil, at: start)
        try await eventually("the commands are under way") { !store.client.quota.isEmpty }
        server.resume()
        #expect(try await read == record())
        #expect(try await isWritten)
    }

    @Test func whatDoesNotSpeakTheProtocolIsAnError() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        // A Redis URL for a port with TLS or HTTP: here the other way round.
        var configuration = try RedisConfiguration(url: "rediss://127.0.0.1:\(server.port)")
        configuration.operationTimeout = .milliseconds(200)
        configuration.connectTimeout = .milliseconds(200)
        let store = try RedisStore(configuration)
        let error = await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) }
        #expect(error?.kind == .unreachable || error?.kind == .timedOut)
    }

    private static func store(
        at proxy: TestProxy, _ change: (inout RedisConfiguration) -> Void = { _ in }
    ) throws -> RedisStore {
        var configuration = try RedisConfiguration(url: "redis://127.0.0.1:\(proxy.port)")
        configuration.connectionsPerServer = 1
        configuration.operationTimeout = .seconds(30)
        change(&configuration)
        return try RedisStore(configuration)
    }

    /// Adds two bytes that nobody else adds to the contents of the first record.
    private static func add(_ bytes: [UInt8], _ store: RedisStore) async throws {
        while true {
            let old = try #require(try await store.read(.number(1), at: start))
            if Self.holds(old, bytes) { return }
            let new = try record(version: old.version + 1, contents: old.contents + bytes)
            do {
                if try await store.write(new, replacing: old.version, at: start) { return }
                let now = try #require(try await store.read(.number(1), at: start))
                #expect(!Self.holds(now, bytes), "What was refused did not happen.")
            } catch let error as RedisStoreError where error.kind == .connectionLost {
                // It stays open whether it happened, for others have written twice since. The next look tells.
                let now = try #require(try await store.read(.number(1), at: start))
                #expect(now.version > new.version)
            }
        }
    }

    private static func holds(_ record: SessionRecord, _ bytes: [UInt8]) -> Bool {
        stride(from: 0, to: record.contents.count, by: 2).contains { Array(record.contents[$0..<($0 + 2)]) == bytes }
    }
}
