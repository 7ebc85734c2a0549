// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import TestSupport
import Testing

@testable import SessionsRedis

/// What a user's list names too much is found out, and later taken out.
@Suite(.timeLimit(.minutes(5))) struct UserListTests {
    @Test func aSessionThatIsGoneIsNotListedAndGoesFromTheList() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        for number in 1...250 {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        }
        for number in 1...249 { try await store.remove(.number(number)) }
        #expect(try await listed(server) == 250)
        #expect(try await store.ids(ofUser: "u", at: start) == [.number(250)])
        // Marked, not removed: an entry may be there a moment before its record.
        #expect(try await store.ids(ofUser: "u", at: start.addingTimeInterval(60)) == [.number(250)])
        #expect(try await listed(server) == 250)
        #expect(try await store.ids(ofUser: "u", at: start.addingTimeInterval(61)) == [.number(250)])
        #expect(try await listed(server) == 1)
    }

    @Test func anEntryThatWasWrongAndIsRightAgainStays() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        #expect(try await store.write(try record(user: "u"), replacing: nil, at: start))
        try await store.remove(.number(1))
        #expect(try await store.ids(ofUser: "u", at: start) == [])
        #expect(try await store.write(try record(user: "u"), replacing: nil, at: start))
        for seconds in [0.0, 61, 122, 3599] {
            let time = start.addingTimeInterval(seconds)
            #expect(try await store.ids(ofUser: "u", at: time) == [.number(1)])
        }
    }

    @Test func anEntryThatIsFoundRightAfterItWasMarkedIsUnmarked() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        #expect(try await store.write(try record(user: "u"), replacing: nil, at: start))
        let command = RedisCommand("ZADD", [self.key, Array("-5".utf8), try SessionID.number(1).bytes])
        _ = try await store.client.run(command)
        #expect(try await store.ids(ofUser: "u", at: start) == [.number(1)])
        let score = try await store.client.run(RedisCommand("ZSCORE", [self.key, try SessionID.number(1).bytes]))
        #expect(score.text == "1700003600000")
    }

    @Test func whatHasExpiredLeavesTheListWithTheNextWrite() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        for number in 1...10 {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        }
        let later = start.addingTimeInterval(3700)
        var last = try record(11, user: "u")
        last.lastUsedAt = later
        #expect(try await store.write(last, replacing: nil, at: later))
        #expect(try await listed(server) == 1)
        #expect(try await store.ids(ofUser: "u", at: later) == [.number(11)])
    }

    /// Three hours ahead of Redis' own clock and of the other process.
    @Test func aProcessWhoseClockIsAheadTakesNoLiveSessionOut() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        let now = Date()
        let ids = Set(try (1...2).map(SessionID.number))
        for (number, time) in [(1, now), (2, now.addingTimeInterval(10_800))] {
            var new = try record(number, user: "u")
            new.lastUsedAt = time
            #expect(try await store.write(new, replacing: nil, at: time))
        }
        #expect(Set(try await store.ids(ofUser: "u", at: now)) == ids)
        // To it the first one has expired, also a minute later.
        for seconds in [10_800.0, 10_861] {
            #expect(try await store.ids(ofUser: "u", at: now.addingTimeInterval(seconds)) == [.number(2)])
        }
        #expect(Set(try await store.ids(ofUser: "u", at: now)) == ids)
    }

    /// Without an end it would be asked for ever.
    @Test(.timeLimit(.minutes(1))) func aServerThatGivesTheSamePageAgainIsAnError() async throws {
        let entries = (0..<UserList.width).map { "$16\r\nsession-\(10_000_000 + $0)\r\n$13\r\n1700003600000\r\n" }
        let page = "*\(2 * UserList.width)\r\n" + entries.joined()
        let server = try await ScriptedServer { words in
            words[0] == "EVALSHA" && words[1] == SessionScripts.page.hash ? .reply(page) : nil
        }
        defer { keepAlive(server) }
        let store = try RedisStore(url: "redis://127.0.0.1:\(server.port)")
        let error = await failure(RedisStoreError.self) { _ = try await store.ids(ofUser: "u", at: start) }
        #expect(error?.kind == .failed)
    }

    /// Somebody who has signed in and out ten thousand times, and is signed in at both ends of the list.
    @Test func aLongListIsReadInPagesAndWhatHasEndedGoes() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        let numbers = [1, 20_000, 30_000]
        let live = Set(try numbers.map(SessionID.number))
        for number in numbers {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        }
        // Half of them end in one millisecond, as the live ones do; the others each in another.
        let end = try record().expiresAt.milliseconds
        try await self.add((100..<5100).map { ($0, end) } + (5100..<10_100).map { ($0, end - 20_000 + $0) }, server)
        #expect(try await listed(server) == 10_003)
        try await server.command("CONFIG", "RESETSTAT")
        #expect(Set(try await store.ids(ofUser: "u", at: start)) == live)
        // The second round meets the marks again, and asks for no record a second time.
        #expect(try await calls(of: "getrange", server) == 10_003)
        #expect(try await listed(server) == 10_003)
        let later = start.addingTimeInterval(61)
        #expect(Set(try await store.ids(ofUser: "u", at: later)) == live)
        #expect(try await listed(server) == 3)
        try await server.command("CONFIG", "RESETSTAT")
        #expect(Set(try await store.ids(ofUser: "u", at: later)) == live)
        #expect(try await calls(of: "getrange", server) == 3)
    }

    @Test func someOfALongListAreReadAndTheRestIsLeftAlone() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let store = try RedisStore(url: server.url)
        for number in 1...300 {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        }
        for (limit, reads) in [(1, 100), (100, 100), (101, 200), (1000, 300)] {
            try await server.command("CONFIG", "RESETSTAT")
            #expect(try await store.ids(ofUser: "u", limit: limit, at: start).count == min(limit, 300))
            #expect(try await calls(of: "getrange", server) == reads)
        }
    }

    /// Whatever is between the pages, and however many entries have one score.
    @Test func aPageBeginsBehindTheLastEntryWhereverThatIsNow() async throws {
        let server = try await RedisServer.start()
        defer { keepAlive(server) }
        let client = try RedisStore(url: server.url).client
        // Bytes that texts are not compared by, and a score that many have.
        let entries = (0..<300).map { (index: Int) in
            (number: (index * 7 % 256) << 16 | index, score: index < 200 ? 5 : index)
        }
        try await self.add(entries, server)
        let ids = try entries.sorted { ($0.score, $0.number) < ($1.score, $1.number) }.map {
            try SessionID.number($0.number).bytes
        }
        var (found, last) = ([[UInt8]](), [Array("-inf".utf8), []])
        while true {
            let arguments = last + [Array("+inf".utf8), Array("7".utf8)]
            let page = RedisCommand(SessionScripts.page, keys: [self.key], arguments, isRepeatable: true)
            let elements = try #require(try await client.run(page).elements).compactMap(\.bytes)
            #expect(elements.count <= 14)
            guard elements.count >= 2 else { break }
            found += stride(from: 0, to: elements.count, by: 2).map { elements[$0] }
            last = [elements[elements.count - 1], elements[elements.count - 2]]
            // What was read goes from the list, as what is wrong does.
            for id in found.suffix(7) { _ = try await client.run(RedisCommand("ZREM", [self.key, id])) }
        }
        let areAllInOrder = found == ids
        #expect(areAllInOrder)
    }

    private func add(_ entries: [(number: Int, score: Int)], _ server: RedisServer) async throws {
        let words = try entries.flatMap { [Array("\($0.score)".utf8), try SessionID.number($0.number).bytes] }
        let reply = try await server.command(bytes: [Array("ZADD".utf8), self.key] + words)
        #expect(reply == .integer(entries.count))
    }

    private func calls(of command: String, _ server: RedisServer) async throws -> Int {
        let text = try await server.command("INFO", "commandstats").text ?? ""
        let line = text.split(separator: "\r\n").first { $0.hasPrefix("cmdstat_\(command):calls=") }
        return try #require(line.flatMap { Int($0.split(separator: "=")[1].prefix { $0 != "," }) })
    }

    private var key: [UInt8] { SessionKeys(prefix: "dewar").list(ofUser: SessionKeys.mark(ofUser: "u")) }

    private func listed(_ server: RedisServer) async throws -> Int? {
        try await server.command(bytes: [Array("ZCARD".utf8), self.key]).integer
    }
}
