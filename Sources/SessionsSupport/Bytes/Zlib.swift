// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CZlib
import Synchronization

/// zlib streams (RFC 1950) in memory, through the system's zlib.
@usableFromInline package enum Zlib {
    /// Compresses at zlib's default level, as Python's `zlib.compress` does; nil when zlib has no memory.
    package static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        Self.deflaters.use(make: Deflater.init) { $0.compress(bytes) }
    }

    /// Expands a stream; nil when it is damaged, cut short, or would give more than `limit` bytes.
    ///
    /// Bytes after the end of the stream are ignored, as Python's `zlib.decompress` ignores them in Flask's use.
    package static func decompress(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        Self.inflaters.use(make: Inflater.init) { $0.expand(bytes, limit: limit) }
    }

    private static let deflaters = IdleStreams<Deflater>()
    private static let inflaters = IdleStreams<Inflater>()
}

/// Streams that wait for their next use: to set one up takes longer than to compress a session, and up to 260 KB.
private final class IdleStreams<Stream: AnyObject & Sendable>: Sendable {
    private static var maximum: Int { 16 }
    private let streams = Mutex<[Stream]>([])

    func use<Answer>(make: () -> Stream?, work: (Stream) -> Answer?) -> Answer? {
        guard let stream = self.streams.withLock({ $0.popLast() }) ?? make() else { return nil }
        defer { self.streams.withLock { if $0.count < Self.maximum { $0.append(stream) } } }
        return work(stream)
    }
}

/// A `z_stream` at a fixed address: zlib keeps a pointer to it, and refuses a stream that has moved.
///
/// The owner that allocates it frees it, and one caller at a time uses it.
typealias StreamPointer = UnsafeMutablePointer<z_stream>

let streamSize = unsafe Int32(MemoryLayout<z_stream>.size)

/// One deflate state. Safe to use: it allocates its stream in `init`, frees it in `deinit`, and hands it to no other
/// code.
///
/// Sendable because one caller at a time has it: `IdleStreams` gives it away under a lock, and takes it back.
@safe private final class Deflater: @unchecked Sendable {
    private let stream: StreamPointer

    init?() {
        unsafe self.stream = .allocate(capacity: 1)
        unsafe self.stream.initialize(to: z_stream())
        guard unsafe deflateInit_(self.stream, Z_DEFAULT_COMPRESSION, ZLIB_VERSION, streamSize) == Z_OK else {
            unsafe self.stream.deallocate()
            return nil
        }
    }

    deinit {
        unsafe deflateEnd(self.stream)
        unsafe self.stream.deallocate()
    }

    func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard let size = UInt32(exactly: bytes.count), unsafe deflateReset(self.stream) == Z_OK else { return nil }
        var input = bytes
        let room = unsafe Int(deflateBound(self.stream, UInt(bytes.count)))
        var status = Z_OK
        // zlib gets two buffers with their sizes, uses both only within this call, and counts the bytes that it has
        // written.
        let output = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                unsafe self.stream.pointee.next_in = input.baseAddress
                unsafe self.stream.pointee.avail_in = size
                unsafe self.stream.pointee.next_out = buffer.baseAddress
                unsafe self.stream.pointee.avail_out = UInt32(room)
                status = unsafe deflate(self.stream, Z_FINISH)
                count = unsafe room - Int(self.stream.pointee.avail_out)
            }
        }
        return status == Z_STREAM_END ? output : nil
    }
}

/// One inflate state. Safe to use, and sendable, for the same reasons as `Deflater`.
@safe private final class Inflater: @unchecked Sendable {
    private let stream: StreamPointer

    init?() {
        unsafe self.stream = .allocate(capacity: 1)
        unsafe self.stream.initialize(to: z_stream())
        guard unsafe inflateInit_(self.stream, ZLIB_VERSION, streamSize) == Z_OK else {
            unsafe self.stream.deallocate()
            return nil
        }
    }

    deinit {
        unsafe inflateEnd(self.stream)
        unsafe self.stream.deallocate()
    }

    func expand(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        guard let size = UInt32(exactly: bytes.count), unsafe inflateReset(self.stream) == Z_OK else { return nil }
        // zlib reads the input within this call only, and writes nothing into it. The pointer that it is left with is
        // replaced here before its next use.
        return unsafe bytes.withUnsafeBufferPointer { input in
            unsafe self.stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            unsafe self.stream.pointee.avail_in = size
            return self.output(room: max(4 * bytes.count, 256), limit: limit)
        }
    }

    /// What the stream expands to, in pieces of at most `room` bytes. Most sessions are one piece.
    private func output(room: Int, limit: Int) -> [UInt8]? {
        // Asking for one byte over the limit lets a stream of exactly `limit` bytes end.
        var (output, status) = self.next(room: min(room, limit + 1))
        while status == Z_OK, output.count <= limit {
            let (more, next) = self.next(room: min(room, limit - output.count + 1))
            output += more
            status = next
        }
        return status == Z_STREAM_END && output.count <= limit ? output : nil
    }

    /// The next output of zlib, at most `room` bytes.
    private func next(room: Int) -> (output: [UInt8], status: Int32) {
        var status = Z_OK
        // zlib gets the buffer with its size, fills it only within this call, and counts the bytes that it has written.
        let output = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            unsafe self.stream.pointee.next_out = buffer.baseAddress
            unsafe self.stream.pointee.avail_out = UInt32(room)
            status = unsafe inflate(self.stream, Z_NO_FLUSH)
            count = unsafe room - Int(self.stream.pointee.avail_out)
        }
        return (output, status)
    }
}
