// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import SessionsRedis

/// What a Redis server replies to `SCAN`.
@Suite struct ScanReplyTests {
    private static func reply(_ cursor: String) -> RedisReply {
        .array([.bytes(Array(cursor.utf8)), .array([.bytes([1]), .null, .bytes([2])])])
    }

    @Test(arguments: ["0", "17", "18446744073709551615"])
    func theCursorAndTheKeysAreRead(cursor: String) throws {
        let parts = try #require(SessionScan.parts(of: Self.reply(cursor)))
        #expect(parts.next == cursor && parts.keys == [[1], [2]])
    }

    /// Without a cursor the scan would end before it has seen all sessions.
    @Test(arguments: ["", "-1", "a", "1 ", "٣"])
    func aCursorIsANumber(cursor: String) {
        #expect(SessionScan.parts(of: Self.reply(cursor)) == nil)
    }

    @Test(arguments: [
        RedisReply.null, .array([]), .array([.integer(0), .array([])]), .array([.bytes([48]), .null]),
        .array([.bytes([48]), .array([]), .array([])]),
    ])
    func anythingElseIsNone(reply: RedisReply) {
        #expect(SessionScan.parts(of: reply) == nil)
    }
}
