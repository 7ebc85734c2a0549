// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import Testing

@testable import SessionsRedis

@Suite struct ReplyParserTests {
    private static let wire =
        "+OK\r\n:-42\r\n$5\r\na\r\nb\u{0}\r\n$0\r\n\r\n$-1\r\n*-1\r\n-MOVED 1 a:2\r\n"
        + "*3\r\n:1\r\n*1\r\n$1\r\nx\r\n$-1\r\n*0\r\n"
    private static let replies: [RedisReply] = [
        .status("OK"), .integer(-42), .bytes([97, 13, 10, 98, 0]), .bytes([]), .null, .null,
        .error(RedisServerError(line: "MOVED 1 a:2")), .array([.integer(1), .array([.bytes([120])]), .null]),
        .array([]),
    ]

    @Test func everyKindOfReplyIsRead() throws {
        #expect(try Self.parse([Array(Self.wire.utf8)]) == Self.replies)
    }

    @Test func repliesMayBeCutAnywhere() throws {
        let bytes = Array(Self.wire.utf8)
        for cut in 0...bytes.count {
            #expect(try Self.parse([Array(bytes[..<cut]), Array(bytes[cut...])]) == Self.replies)
        }
        #expect(try Self.parse(bytes.map { [$0] }) == Self.replies)
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n", "x", "$abc\r\n", ":12x\r\n"])
    func whatIsNoReplyIsAnError(wire: String) throws {
        #expect(throws: ReplyParser.Failure.malformed) { try Self.parse([Array(wire.utf8)]) }
    }

    @Test func aReplyMayNotBeLargerThanTheLimit() throws {
        let large = Array("$2000\r\n".utf8) + [UInt8](repeating: 1, count: 2000) + Array("\r\n".utf8)
        #expect(throws: ReplyParser.Failure.tooLarge) { try Self.parse([large], limit: 1000) }
        // Neither may one of many parts, nor one that comes in pieces.
        let many = Array("*2000\r\n".utf8) + Array(repeating: Array(":1\r\n".utf8), count: 300).joined()
        #expect(throws: ReplyParser.Failure.tooLarge) { try Self.parse(many.map { [$0] }, limit: 1000) }
        // Many small ones may follow each other.
        let small = Array(repeating: Array(":1\r\n".utf8), count: 1000)
        #expect(try Self.parse(small, limit: 10).count == 1000)
    }

    /// hiredis would make room for all that a head announces.
    @Test(arguments: ["*1000000000\r\n", "*2\r\n*131073\r\n", "$1048577\r\n", "*99999999999999999999\r\n"])
    func aHeadMayNotAnnounceMoreThanTheLimit(wire: String) throws {
        let pieces = ["+OK\r\n", wire].map { Array($0.utf8) }
        let parser = try #require(ReplyParser(limit: 1 << 20))
        // What came before is a reply all the same, wherever the network cuts the bytes.
        try parser.feed(ByteBuffer(bytes: pieces[0] + pieces[1]))
        #expect(try parser.next() == .status("OK"))
        #expect(throws: ReplyParser.Failure.tooLarge) { try parser.next() }
        #expect(throws: ReplyParser.Failure.tooLarge) { try Self.parse(pieces.joined().map { [$0] }) }
    }

    /// hiredis would look for its end from the beginning with each piece.
    @Test(arguments: ["+", "-", ":", "$", "*"])
    func aLineMayNotGoOnWithoutAnEnd(type: String) throws {
        let line = [UInt8](repeating: UInt8(ascii: "1"), count: 1 << 10)
        let parser = try #require(ReplyParser(limit: 1 << 20))
        try parser.feed(ByteBuffer(string: type))
        for _ in 0..<16 {
            try parser.feed(ByteBuffer(bytes: line))
            #expect(try parser.next() == nil)
        }
        try parser.feed(ByteBuffer(string: "1"))
        #expect(throws: ReplyParser.Failure.tooLarge) { try parser.next() }
    }

    @Test func aLineIsAsLongAsItMayBe() throws {
        let text = String(repeating: "x", count: ReplyOutline.maximumLineLength - 2)
        #expect(try Self.parse([Array("+\(text)\r\n+OK\r\n".utf8)]) == [.status(text), .status("OK")])
        #expect(throws: ReplyParser.Failure.tooLarge) { try Self.parse([Array("+x\(text)\r\n".utf8)]) }
    }

    @Test func repliesNestAsDeepAsCommandsNeedAndNoDeeper() throws {
        let fits = String(repeating: "*1\r\n", count: 7) + ":1\r\n"
        #expect(try Self.parse([Array(fits.utf8)]).count == 1)
        let deep = Array(String(repeating: "*1\r\n", count: 100_000).utf8)
        #expect(throws: ReplyParser.Failure.self) { try Self.parse([deep]) }
    }

    /// What looks like a head inside of text is text.
    @Test func textMayLookLikeAHead() throws {
        let text = "\r\n*1000000000\r\n"
        let wire = "*2\r\n$\(text.utf8.count)\r\n\(text)\r\n:1\r\n+OK\r\n"
        let replies: [RedisReply] = [.array([.bytes(Array(text.utf8)), .integer(1)]), .status("OK")]
        #expect(try Self.parse([Array(wire.utf8)]) == replies)
        #expect(try Self.parse(wire.utf8.map { [$0] }) == replies)
    }

    @Test func aCommandIsWrittenAsItIs() throws {
        var buffer = ByteBuffer()
        #expect(RedisCommand("SET", [[0, 13, 10], [], [0xFF]]).write(to: &buffer))
        let expected = Array("*4\r\n$3\r\nSET\r\n$3\r\n\0\r\n\r\n$0\r\n\r\n$1\r\n".utf8) + [0xFF, 13, 10]
        #expect(Array(buffer.readableBytesView) == expected)
    }

    @discardableResult
    private static func parse(_ pieces: [[UInt8]], limit: Int = 1 << 20) throws -> [RedisReply] {
        let parser = try #require(ReplyParser(limit: limit))
        var replies: [RedisReply] = []
        for piece in pieces {
            try parser.feed(ByteBuffer(bytes: piece))
            while let reply = try parser.next() { replies.append(reply) }
        }
        return replies
    }
}
