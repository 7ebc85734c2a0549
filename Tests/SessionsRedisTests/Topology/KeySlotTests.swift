// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

@testable import SessionsRedis

@Suite struct KeySlotTests {
    /// From the cluster specification and `CLUSTER KEYSLOT`.
    @Test(arguments: [
        ("123456789", 12739), ("", 0), ("foo", 12182), ("{foo}", 12182), ("a{foo}b{bar}", 12182), ("foo{}{bar}", 8363),
        ("foo{{bar}}zap", 4015), ("{user1000}.following", 3443), ("{user1000}.followers", 3443),
    ])
    func aKeyHasASlot(key: String, slot: Int) {
        #expect(KeySlot.of(Array(key.utf8)) == slot)
    }

    @Test func aRedirectionIsRead() {
        #expect(Self.redirection("MOVED 3999 127.0.0.1:6381")?.address == RedisAddress(host: "127.0.0.1", port: 6381))
        #expect(Self.redirection("MOVED 3999 127.0.0.1:6381")?.isForGood == true)
        #expect(Self.redirection("ASK 3999 ::1:6381")?.address == RedisAddress(host: "::1", port: 6381))
        #expect(Self.redirection("ASK 3999 ::1:6381")?.isForGood == false)
        for line in ["MOVED", "MOVED 1", "MOVED x a:1", "MOVED 16384 a:1", "MOVED 1 a", "MOVED 1 a:b", "ERR 1 a:1"] {
            #expect(Self.redirection(line) == nil)
        }
    }

    /// What a server says of another one may be any number.
    @Test(arguments: [65_536, 6_379_000, Int.max, -1, .min])
    func aPortThatThereIsNotIsOutOfReach(_ port: Int) async throws {
        let line = Self.redirection("MOVED 3999 127.0.0.1:\(port)")
        let address = try #require(line?.address)
        let error = await #expect(throws: RedisStoreError.self) {
            _ = try await RedisConnection.open(to: address, as: RedisLogin(username: nil, password: nil), .tests)
        }
        #expect(error?.kind == .unreachable)
    }

    @Test func aMapIsReadFromItsReply() throws {
        func server(_ host: RedisReply, _ port: Int) -> RedisReply { .array([host, .integer(port), .bytes([])]) }
        let reply = RedisReply.array([
            .array([.integer(0), .integer(100), server(.bytes(Array("a".utf8)), 1), server(.bytes(Array("x".utf8)), 9)]
            ),
            .array([.integer(200), .integer(16383), server(.null, 2)]),
        ])
        let map = try #require(SlotMap(reply, from: "asked"))
        #expect(map[0] == RedisAddress(host: "a", port: 1))
        #expect(map[100] == RedisAddress(host: "a", port: 1))
        #expect(map[101] == nil)
        #expect(map[16383] == RedisAddress(host: "asked", port: 2))
        for wrong: RedisReply in [.null, .array([.null]), .array([.array([.integer(5), .integer(4), .null])])] {
            #expect(SlotMap(wrong, from: "asked") == nil)
        }
        let beyond = RedisReply.array([.array([.integer(0), .integer(16384), server(.null, 2)])])
        #expect(SlotMap(beyond, from: "asked") == nil)
    }

    /// It could name all slots a million times, and take hours to be read.
    @Test func aMapThatNamesSlotsTwiceIsNone() {
        func map(_ ranges: [(first: Int, last: Int)]) -> SlotMap? {
            let server = RedisReply.array([.bytes(Array("a".utf8)), .integer(1)])
            let parts = ranges.map { RedisReply.array([.integer($0.first), .integer($0.last), server]) }
            return SlotMap(.array(parts), from: "asked")
        }
        #expect(map([(0, 8191), (8192, 16383)])?.isComplete == true)
        #expect(map([(0, 16383), (0, 0)]) == nil)
        #expect(map([(0, 8191), (8191, 8200)]) == nil)
        #expect(map(Array(repeating: (0, 16383), count: 1000)) == nil)
    }

    /// A server that redirects to another port each time.
    @Test(.timeLimit(.minutes(1))) func aSlotWithoutRoomForItsOwnerHasNoneAndNotAnother() {
        var map = SlotMap()
        for port in 0..<100_000 {
            map[port % SlotMap.count] = RedisAddress(host: "a", port: port)
            let owner = map[port % SlotMap.count]
            guard owner?.port == port || (owner == nil && port >= SlotMap.count) else {
                Issue.record("the slot of the port \(port) has the owner \(owner?.description ?? "nil")")
                return
            }
        }
        #expect(map.owners.count == SlotMap.count)
        // Those that there are keep their places.
        map[5] = RedisAddress(host: "a", port: 7)
        #expect(map[5]?.port == 7)
    }

    private static func redirection(_ line: String) -> Redirection? {
        Redirection(RedisServerError(line: line))
    }
}
