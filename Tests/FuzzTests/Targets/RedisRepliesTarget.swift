// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import Sessions

@testable import SessionsRedis

extension FuzzTarget {
    static let redisReplies = FuzzTarget("redis-replies", "replies of a Redis server, and what is read from them") {
        input in
        let limit = 64 << 10
        let whole = Self.replies(in: input, chunk: max(input.count, 1), limit: limit)
        let pieces = Self.replies(in: input, chunk: 7, limit: limit)
        try require(whole == pieces, "where the network cuts the bytes changes the replies")
        for reply in whole.replies {
            try require(Self.depth(of: reply) <= ReplyOutline.maximumDepth, "a reply nests deeper than any command's")
            try Self.use(reply)
        }
    }

    private static func replies(
        in input: [UInt8], chunk: Int, limit: Int
    ) -> FuzzReplies {
        guard let parser = ReplyParser(limit: limit) else { return FuzzReplies(replies: [], isWhole: false) }
        var replies: [RedisReply] = []
        do {
            for start in stride(from: 0, to: input.count, by: chunk) {
                try parser.feed(ByteBuffer(bytes: input[start..<min(start + chunk, input.count)]))
                while let reply = try parser.next() { replies.append(reply) }
            }
            return FuzzReplies(replies: replies, isWhole: true)
        } catch {
            return FuzzReplies(replies: replies, isWhole: false)
        }
    }

    private static func depth(of reply: RedisReply) -> Int {
        (reply.elements ?? []).map { 1 + Self.depth(of: $0) }.max() ?? 0
    }

    private static func use(_ reply: RedisReply) throws {
        if let map = SlotMap(reply, from: "host") {
            try require(map.owners.count <= SlotMap.count, "more owners than slots")
            _ = map.isComplete
        }
        if let error = reply.error, let redirection = Redirection(error) {
            try require(SlotMap.range.contains(redirection.slot), "a redirection of no slot")
        }
        guard let elements = reply.elements else { return }
        for (member, score) in zip(elements, elements.dropFirst()) {
            guard let entry = ListEntry(member, score: score) else { continue }
            try require(entry.id.bytes == member.bytes, "an entry of another session")
        }
    }
}

/// The replies in some bytes, and whether they were all that the bytes held.
private struct FuzzReplies: Equatable {
    let replies: [RedisReply]
    let isWhole: Bool
}
