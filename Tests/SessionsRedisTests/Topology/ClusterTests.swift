// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsTesting
import TestSupport
import Testing

@testable import SessionsRedis

@Suite(.timeLimit(.minutes(5))) struct ClusterTests {
    @Test func itPassesTheSuite() async throws {
        let cluster = try await RedisCluster.start()
        defer { keepAlive(cluster) }
        try await SessionStoreSuite(expiry: .byEngine) { try RedisStore(url: cluster.url) }.run()
    }

    @Test func sessionsAreOnAllServersAndAUsersListFindsThem() async throws {
        let cluster = try await RedisCluster.start()
        defer { keepAlive(cluster) }
        let store = try RedisStore(url: cluster.url)
        for number in 0..<100 {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        }
        for number in 0..<100 { #expect(try await store.read(.number(number), at: start) == record(number, user: "u")) }
        #expect(Set(try await store.ids(ofUser: "u", at: start)) == Set(try (0..<100).map(SessionID.number)))
        for server in cluster.servers { #expect(try await server.command("DBSIZE").integer ?? 0 > 10) }
    }

    @Test func aBatchFollowsSlotsThatHaveMoved() async throws {
        let cluster = try await RedisCluster.start()
        defer { keepAlive(cluster) }
        let store = try RedisStore(url: cluster.url)
        for number in 0..<30 {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        }
        // The store's map of the slots is of before.
        for number in 0..<3 {
            let slot = KeySlot.of(store.keys.session(try .number(number)))
            try await cluster.move(slot: slot, to: (cluster.owner(of: slot) + 1) % 3)
        }
        #expect(Set(try await store.ids(ofUser: "u", at: start)) == Set(try (0..<30).map(SessionID.number)))
    }

    @Test func slotsThatMoveUnderLoadAreFollowed() async throws {
        let cluster = try await RedisCluster.start()
        defer { keepAlive(cluster) }
        let store = try RedisStore(url: cluster.url)
        let slots = try Set((0..<30).map { KeySlot.of(store.keys.session(try .number($0))) })
        for number in 0..<30 {
            let new = try record(number, contents: SessionRandom.system.bytes(5000), user: "u")
            #expect(try await store.write(new, replacing: nil, at: start))
        }
        let isOver = Shared(false)
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            for number in 0..<30 {
                tasks.addTask {
                    var version = 1
                    while !isOver.value {
                        let old = try #require(try await store.read(.number(number), at: start))
                        #expect(old.version == version)
                        let next = try record(number, version: version + 1, contents: old.contents, user: "u")
                        #expect(try await store.write(next, replacing: version, at: start))
                        version += 1
                    }
                    return version
                }
            }
            tasks.addTask {
                for slot in slots.prefix(12) {
                    try await cluster.move(slot: slot, to: (cluster.owner(of: slot) + 1) % 3)
                }
                isOver.value = true
                return 0
            }
            for try await version in tasks { #expect(version == 0 || version > 1) }
        }
        #expect(try await store.ids(ofUser: "u", at: start).count == 30)
    }

    @Test func aSlotThatIsOnItsWayIsAskedForAtItsEnd() async throws {
        let cluster = try await RedisCluster.start()
        defer { keepAlive(cluster) }
        let store = try RedisStore(url: cluster.url)
        let slot = KeySlot.of(store.keys.session(try .number(1)))
        let source = try await cluster.owner(of: slot)
        let target = (source + 1) % 3
        let ids = try await [source, target].asyncMap {
            try await cluster.servers[$0].command("CLUSTER", "MYID").text ?? ""
        }
        // The key is not there (any more): the source sends everybody on, each time, and for this once.
        try await cluster.servers[target].command("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", ids[0])
        try await cluster.servers[source].command("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", ids[1])
        #expect(try await store.read(.number(1), at: start) == nil)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        #expect(try await store.read(.number(1), at: start) == record())
        #expect(try await cluster.servers[target].command("DBSIZE").integer == 1)
        #expect(try await cluster.servers[source].command("DBSIZE").integer == 0)
    }

    @Test func aServerThatIsKilledAndRestartedIsWaitedForAndTheOthersServe() async throws {
        let cluster = try await RedisCluster.start()
        defer { keepAlive(cluster) }
        var configuration = try RedisConfiguration(url: cluster.url)
        configuration.operationTimeout = .seconds(60)
        let store = try RedisStore(configuration)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        let owner = try await cluster.owner(of: KeySlot.of(store.keys.session(try .number(1))))
        var elsewhere: [Int] = []
        for number in 2...30 {
            let slot = KeySlot.of(store.keys.session(try .number(number)))
            if try await cluster.owner(of: slot) != owner { elsewhere.append(number) }
        }
        #expect(elsewhere.count > 5)
        for number in elsewhere { #expect(try await store.write(try record(number), replacing: nil, at: start)) }
        try await cluster.servers[owner].kill()
        let isDone = Shared(false)
        let waiting = Task {
            defer { isDone.value = true }
            return try await store.write(try record(), replacing: nil, at: start)
        }
        for number in elsewhere {
            #expect(try await store.read(.number(number), at: start) == record(number))
            #expect(try await store.write(try record(number, version: 2), replacing: 1, at: start))
        }
        #expect(!isDone.value)
        try await cluster.servers[owner].start()
        #expect(try await waiting.value)
    }

    @Test func aClusterWithoutAServerIsAClearError() async throws {
        let cluster = try await RedisCluster.start()
        defer { keepAlive(cluster) }
        var configuration = try RedisConfiguration(url: cluster.url)
        configuration.operationTimeout = .milliseconds(300)
        configuration.connectTimeout = .milliseconds(200)
        let store = try RedisStore(configuration)
        #expect(try await store.read(.number(1), at: start) == nil)
        for server in cluster.servers { try await server.kill() }
        #expect(
            await failure(RedisStoreError.self) { _ = try await store.read(.number(1), at: start) }?.kind
                == .unreachable)
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
