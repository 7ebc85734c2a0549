// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsTesting
import TestSupport
import Testing

@testable import SessionsRedis

@Suite(.timeLimit(.minutes(5))) struct SentinelTests {
    @Test func aFailoverIsFollowedWhileSessionsAreWritten() async throws {
        let group = try await SentinelGroup.start()
        defer { keepAlive(group) }
        var configuration = try RedisConfiguration(url: group.url)
        configuration.operationTimeout = .seconds(60)
        configuration.commandTimeout = .seconds(1)
        let store = try RedisStore(configuration)
        for number in 0..<50 {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        }
        // What the replica has is kept.
        try await eventually("the replica has everything") {
            try await group.replica.command("DBSIZE") == .integer(51)
        }
        let isOver = Shared(false)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in 0..<20 {
                tasks.addTask {
                    while !isOver.value {
                        try await Self.change(number, store)
                    }
                }
            }
            tasks.addTask {
                try await group.primary.kill()
                try await eventually("the replica is the primary") {
                    await group.replica.role == "master"
                }
                try await Self.add(100, store)
                isOver.value = true
            }
            while try await tasks.next() != nil {}
        }
        for number in 0..<50 {
            let found = try #require(try await store.read(.number(number), at: start))
            #expect(found == (try record(number, version: found.version, user: "u")))
        }
        #expect(try await store.ids(ofUser: "u", at: start).count == 51)
        // The old primary comes back, as a replica, and is left alone.
        try await group.primary.start()
        try await eventually("the old primary follows") {
            await group.primary.role == "slave"
        }
        try await Self.add(101, store)
        try await eventually("the old primary has it too") {
            try await group.primary.command("EXISTS", "dewar:{\(SessionID.number(101))}") == .integer(1)
        }
    }

    @Test func aPrimaryThatHangsIsLeft() async throws {
        let group = try await SentinelGroup.start()
        defer { keepAlive(group) }
        var configuration = try RedisConfiguration(url: group.url)
        configuration.operationTimeout = .seconds(60)
        configuration.commandTimeout = .milliseconds(500)
        configuration.connectTimeout = .milliseconds(500)
        let store = try RedisStore(configuration)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        try await eventually("the replica has it") { try await group.replica.command("DBSIZE") == .integer(1) }
        group.primary.pause()
        #expect(try await store.write(try record(version: 2), replacing: 1, at: start))
        #expect(await group.replica.role == "master")
        group.primary.resume()
        #expect(try await store.read(.number(1), at: start) == record(version: 2))
    }

    @Test func sentinelsThatAreGoneAreLeftOut() async throws {
        let group = try await SentinelGroup.start()
        defer { keepAlive(group) }
        try await group.sentinels[0].kill()
        let store = try RedisStore(url: group.url)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        var unknown = try RedisConfiguration(url: group.url.replacingOccurrences(of: "/shop", with: "/other"))
        unknown.operationTimeout = .milliseconds(200)
        let other = try RedisStore(unknown)
        #expect(
            await failure(RedisStoreError.self) { _ = try await other.read(.number(1), at: start) }?.kind
                == .unavailable)
    }

    @Test func aSentinelThatNamesADeadPrimaryIsNotBelievedForEver() async throws {
        let group = try await SentinelGroup.start()
        defer { keepAlive(group) }
        let stale = try await RedisServer.start(
            configuration: "sentinel monitor shop 127.0.0.1 \(try await freePort()) 9\n", sentinel: true)
        defer { keepAlive(stale) }
        let url = group.url.replacingOccurrences(of: "redis+sentinel://", with: "redis+sentinel://\(stale.address),")
        var configuration = try RedisConfiguration(url: url)
        configuration.operationTimeout = .seconds(60)
        let store = try RedisStore(configuration)
        #expect(try await store.write(try record(), replacing: nil, at: start))
    }

    private static func add(_ number: Int, _ store: RedisStore) async throws {
        do {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        } catch {
            throw ServerError("The new record \(number) was not written: \(error)")
        }
    }

    /// One more version of a session; what was written by this client alone is there, or was lost by the engine.
    private static func change(_ number: Int, _ store: RedisStore) async throws {
        let old = try #require(try await store.read(.number(number), at: start))
        #expect(old == (try record(number, version: old.version, user: "u")))
        let next = try record(number, version: old.version + 1, user: "u")
        _ = try await store.write(next, replacing: old.version, at: start)
    }
}
