// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

@Suite(.timeLimit(.minutes(5))) struct RedisStoreTests {
    @Test func everyFieldComesBack() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        var full = try record(contents: Array(0...255), user: "arthur\0")
        full.previousSecretHash = [UInt8](repeating: 9, count: 32)
        full.graceEnd = start.addingTimeInterval(5)
        full.renewedAt = start.addingTimeInterval(1)
        full.authenticatedAt = start.addingTimeInterval(2)
        full.lastUsedAt = start.addingTimeInterval(3)
        full.absoluteEnd = start.addingTimeInterval(7200)
        full.deviceLabel = "Firefox\r\non Linux"
        for record in [full, try record(2)] {
            #expect(try await store.write(record, replacing: nil, at: start))
            #expect(try await store.read(record.id, at: start) == record)
        }
    }

    @Test func keysArePrefixedAndExpireAMinuteAfterTheSession() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url + "/3?prefix=shop")
        #expect(try await store.write(try record(user: "arthur"), replacing: nil, at: start))
        let keys = try await server.command(["KEYS", "*"], database: 3).elements?.compactMap(\.text).sorted() ?? []
        #expect(
            keys == [
                "shop:user:{\(Hex.text(SessionKeys.mark(ofUser: "arthur")))}",
                "shop:{00000000000000000000000000000001}",
            ])
        for key in keys {
            let stay = try await server.command(["PTTL", key], database: 3).integer ?? 0
            #expect((3_600_000...3_660_000).contains(stay))
        }
        #expect(try await server.command("DBSIZE") == .integer(0))
    }

    @Test func sessionsWithoutEndAreKept() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        var endless = try record()
        endless.idleTimeout = .seconds(Int64.max / 1000)
        #expect(try await store.write(endless, replacing: nil, at: start))
        #expect(try await store.read(endless.id, at: Date()) != nil)
    }

    @Test func longValuesAreCompressedWhenThatIsShorter() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        let wordy = try record(1, contents: [UInt8](repeating: 65, count: 10_000))
        let random = try record(2, contents: SessionRandom.system.bytes(10_000))
        let short = try record(3, contents: [UInt8](repeating: 65, count: 300))
        for record in [wordy, random, short] {
            #expect(try await store.write(record, replacing: nil, at: start))
            #expect(try await store.read(record.id, at: start) == record)
        }
        func length(_ number: Int) async throws -> Int {
            try await server.command("STRLEN", "dewar:{\(SessionID.number(number))}").integer ?? 0
        }
        #expect(try await length(1) < 300)
        #expect((10_000..<10_300).contains(try await length(2)))
        // A record of less than 512 bytes is not worth the time.
        #expect((300..<600).contains(try await length(3)))
    }

    @Test func whatExpandsBeyondTheLimitIsRefused() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        let large = try record(contents: [UInt8](repeating: 0, count: 100_000))
        #expect(try await store.write(large, replacing: nil, at: start))
        var configuration = try RedisConfiguration(url: server.url)
        configuration.maximumRecordSize = 50_000
        let small = try RedisStore(configuration)
        #expect(await failure(RedisStoreError.self) { _ = try await small.read(large.id, at: start) }?.kind == .damaged)
        let error = await failure(RedisStoreError.self) { _ = try await small.write(large, replacing: nil, at: start) }
        #expect(error?.kind == .tooLarge)
    }

    @Test func aKeyThatHoldsSomethingElseIsAnErrorAndNotAnEmptySession() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        let (id, key) = (try SessionID.number(1), "dewar:{00000000000000000000000000000001}")
        for value in ["", "x", String(repeating: "x", count: 100), "\u{1}" + String(repeating: "x", count: 100)] {
            try await server.command("SET", key, value)
            #expect(await failure(RedisStoreError.self) { _ = try await store.read(id, at: start) }?.kind == .damaged)
            #expect(try await !store.write(try record(version: 2), replacing: 1, at: start))
        }
        try await server.command("DEL", key)
        try await server.command("HSET", key, "a", "b")
        #expect(await failure(RedisStoreError.self) { _ = try await store.read(id, at: start) }?.kind == .damaged)
        let error = await failure(RedisStoreError.self) {
            _ = try await store.write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(error?.kind == .damaged)
    }

    @Test func oneSessionIsNotTakenForAnother() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        #expect(try await store.write(try record(1), replacing: nil, at: start))
        try await server.command(
            "RENAME", "dewar:{\(SessionID.number(1))}", "dewar:{\(SessionID.number(2))}")
        #expect(
            await failure(RedisStoreError.self) { _ = try await store.read(.number(2), at: start) }?.kind == .damaged)
    }

    @Test func prefixesAndDatabasesAreApart() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let stores = try ["", "?prefix=a", "?prefix=b", "/1"].map { try RedisStore(url: server.url + $0) }
        for (index, store) in stores.enumerated() {
            #expect(try await store.write(try record(contents: [UInt8(index)], user: "u"), replacing: nil, at: start))
        }
        for (index, store) in stores.enumerated() {
            #expect(try await store.read(.number(1), at: start)?.contents == [UInt8(index)])
            #expect(try await store.ids(ofUser: "u", at: start) == [.number(1)])
        }
    }
}
