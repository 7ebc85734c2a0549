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
        let store = try RedisStore(url: server.url)
        #expect(try await store.write(try record(user: "u"), replacing: nil, at: start))
        let key = "dewar:user:{\(Hex.text(SessionKeys.mark(ofUser: "u")))}"
        let command = RedisCommand("ZADD", [Array(key.utf8), Array("-5".utf8), try SessionID.number(1).bytes])
        _ = try await store.client.run(command)
        #expect(try await store.ids(ofUser: "u", at: start) == [.number(1)])
        let score = try await store.client.run(
            RedisCommand("ZSCORE", [Array(key.utf8), try SessionID.number(1).bytes]))
        #expect(score.text == "1700003600000")
    }

    @Test func whatHasExpiredLeavesTheListWithTheNextWrite() async throws {
        let server = try await RedisServer.start()
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

    private func listed(_ server: RedisServer) async throws -> Int? {
        try await server.command("ZCARD", "dewar:user:{\(Hex.text(SessionKeys.mark(ofUser: "u")))}").integer
    }
}
