// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CHiredis
import NIOCore

/// Parses bytes into replies with hiredis' reader. It belongs to one connection and its event loop.
///
/// Safe to use: the reader is freed in `deinit`, and replies are copied before they are freed.
@safe final class ReplyParser {
    /// Bytes that are not a reply, or a reply that is too large.
    enum Failure: Error {
        case malformed
        case tooLarge
    }

    /// The largest reply, in bytes.
    private let limit: Int
    /// hiredis' own memory, from `init` to `deinit`.
    private let reader: UnsafeMutablePointer<redisReader>
    /// Bytes that have come since the last whole reply.
    private var pending = 0
    private var outline: ReplyOutline

    /// Nil when there is no memory.
    init?(limit: Int) {
        guard let reader = unsafe redisReaderCreate() else { return nil }
        self.limit = limit
        self.outline = ReplyOutline(limit: limit)
        unsafe self.reader = reader
    }

    deinit {
        unsafe redisReaderFree(self.reader)
    }

    func feed(_ bytes: ByteBuffer) throws(Failure) {
        self.pending += bytes.readableBytes
        guard self.pending <= self.limit else { throw .tooLarge }
        let count = self.outline.follow(bytes.readableBytesView)
        // hiredis copies exactly this many bytes, within this call; there are at least as many.
        let status = unsafe bytes.withUnsafeReadableBytes { bytes in
            unsafe redisReaderFeed(self.reader, bytes.bindMemory(to: CChar.self).baseAddress, count)
        }
        guard status == REDIS_OK else { throw .malformed }
    }

    /// The next whole reply; nil when more bytes are needed.
    func next() throws(Failure) -> RedisReply? {
        // The reader has no custom reply functions, so it makes a `redisReply`, which the caller must free. Everything
        // is copied out of it before that.
        var object: UnsafeMutableRawPointer?
        guard unsafe redisReaderGetReply(self.reader, &object) == REDIS_OK else { throw .malformed }
        guard let object = unsafe object else {
            if let refusal = self.outline.refusal { throw refusal }
            return nil
        }
        defer { unsafe freeReplyObject(object) }
        unsafe self.pending = self.reader.pointee.len - self.reader.pointee.pos
        return try unsafe Self.reply(object.assumingMemoryBound(to: redisReply.self).pointee)
    }

    /// A reply's type decides which of its fields are set (`hiredis.h`).
    private static func reply(_ reply: redisReply) throws(Failure) -> RedisReply {
        switch unsafe reply.type {
        case REDIS_REPLY_STRING: return unsafe .bytes(Self.bytes(reply))
        case REDIS_REPLY_STATUS: return unsafe .status(String(decoding: Self.bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ERROR:
            return unsafe .error(RedisServerError(line: String(decoding: Self.bytes(reply), as: UTF8.self)))
        case REDIS_REPLY_INTEGER: return unsafe .integer(Int(reply.integer))
        case REDIS_REPLY_NIL: return .null
        case REDIS_REPLY_ARRAY: return .array(try unsafe Self.elements(reply))
        default: throw .malformed
        }
    }

    private static func bytes(_ reply: redisReply) -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: reply.str, count: Int(reply.len)))
    }

    private static func elements(_ reply: redisReply) throws(Failure) -> [RedisReply] {
        let elements = unsafe UnsafeBufferPointer(start: reply.element, count: Int(reply.elements))
        return try unsafe elements.map { element throws(Failure) in
            guard let element = unsafe element else { throw .malformed }
            return try unsafe Self.reply(element.pointee)
        }
    }
}
