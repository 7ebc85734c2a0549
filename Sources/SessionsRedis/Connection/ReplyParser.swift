// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CHiredis
import NIOCore

/// Turns bytes into replies, with hiredis' reader. It belongs to one connection and its event loop.
final class ReplyParser {
    /// Bytes that are no replies, or a reply without end.
    enum Failure: Error {
        case malformed
        case tooLarge
    }

    /// No reply may have more bytes.
    private let limit: Int
    private let reader: UnsafeMutablePointer<redisReader>
    /// Bytes that have come since the last whole reply.
    private var pending = 0

    /// Nil when there is no memory.
    init?(limit: Int) {
        guard let reader = redisReaderCreate() else { return nil }
        self.limit = limit
        self.reader = reader
    }

    deinit {
        redisReaderFree(self.reader)
    }

    func feed(_ bytes: ByteBuffer) throws(Failure) {
        self.pending += bytes.readableBytes
        guard self.pending <= self.limit else { throw .tooLarge }
        let status = bytes.withUnsafeReadableBytes { bytes in
            redisReaderFeed(self.reader, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
        }
        guard status == REDIS_OK else { throw .malformed }
    }

    /// The next whole reply; nil when more bytes are needed.
    func next() throws(Failure) -> RedisReply? {
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(self.reader, &object) == REDIS_OK else { throw .malformed }
        guard let object else { return nil }
        defer { freeReplyObject(object) }
        self.pending = self.reader.pointee.len - self.reader.pointee.pos
        return try Self.reply(object.assumingMemoryBound(to: redisReply.self))
    }

    private static func reply(_ pointer: UnsafePointer<redisReply>) throws(Failure) -> RedisReply {
        let reply = pointer.pointee
        switch reply.type {
        case REDIS_REPLY_STRING: return .bytes(Self.bytes(reply))
        case REDIS_REPLY_STATUS: return .status(String(decoding: Self.bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ERROR:
            return .error(RedisServerError(line: String(decoding: Self.bytes(reply), as: UTF8.self)))
        case REDIS_REPLY_INTEGER: return .integer(Int(reply.integer))
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_ARRAY: return .array(try Self.elements(reply))
        default: throw .malformed
        }
    }

    private static func bytes(_ reply: redisReply) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len)))
    }

    private static func elements(_ reply: redisReply) throws(Failure) -> [RedisReply] {
        var elements: [RedisReply] = []
        for element in UnsafeBufferPointer(start: reply.element, count: Int(reply.elements)) {
            guard let element else { throw .malformed }
            elements.append(try Self.reply(element))
        }
        return elements
    }
}
