// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import Sessions

@testable import SessionsRedis

extension FuzzTarget {
    /// The first byte says whether the input is the text of a cursor, or what a Redis server replies to SCAN.
    static let scanCursor = FuzzTarget("scan-cursor", "where a scan of a Redis server goes on, and replies to SCAN") {
        input in
        let (way, rest) = input.choice(of: 2)
        if way == 0 {
            guard let position = try? SessionScan.Position(SessionScanCursor(rest.text)) else { return }
            try Self.requireReadAgain(position)
        } else {
            guard let parser = ReplyParser(limit: 64 << 10) else { return }
            try? parser.feed(ByteBuffer(bytes: rest))
            while let reply = try? parser.next() { try Self.use(reply) }
        }
    }

    private static func use(_ reply: RedisReply) throws {
        guard let (next, found) = SessionScan.parts(of: reply) else { return }
        let keys = SessionKeys(prefix: "a*b")
        let ids = found.compactMap { key in keys.id(key).map { ($0, key) } }
        for (id, key) in ids { try require(keys.session(id) == key, "the key of a session has another spelling") }
        let isLast = next == "0"
        let position = SessionScan.Position(server: "", serverCursor: isLast ? nil : next, ids: ids.map(\.0))
        if !position.isEnd { try self.requireReadAgain(position) }
    }

    private static func requireReadAgain(_ position: SessionScan.Position) throws {
        try require(!position.isEnd, "a cursor leads to the end of the scan")
        try require(try SessionScan.Position(position.cursor) == position, "written again, the cursor is another")
    }
}
