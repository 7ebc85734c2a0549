// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CZlib

/// gzip (RFC 1952), a part at a time, through the system's zlib. Safe to use: it allocates its stream in `init`, frees it
/// in `deinit`, and hands it to no other code.
///
/// Sendable for one caller at a time: the task that writes a response waits for each part before the next.
@safe package final class GzipStream: @unchecked Sendable {
    /// What becomes of the bytes that zlib still holds back.
    package enum Flush: Sendable {
        /// They wait for more, which compresses best.
        case none
        /// They are written now, for a reader who waits for them.
        case sync
        /// They are written, and the stream ends.
        case finish
    }

    private let stream: StreamPointer

    /// A window of 8 KiB: the state takes about 100 KiB, and not 260.
    private static let windowBits: Int32 = 13
    /// What makes zlib write gzip's header and trailer.
    private static let gzip: Int32 = 16
    private static let memoryLevel: Int32 = 7

    /// Nil when zlib has no memory.
    package init?() {
        unsafe self.stream = .allocate(capacity: 1)
        unsafe self.stream.initialize(to: z_stream())
        let status = unsafe deflateInit2_(
            self.stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, Self.windowBits + Self.gzip, Self.memoryLevel,
            Z_DEFAULT_STRATEGY, ZLIB_VERSION, streamSize)
        guard status == Z_OK else {
            unsafe self.stream.deallocate()
            return nil
        }
    }

    deinit {
        unsafe deflateEnd(self.stream)
        unsafe self.stream.deallocate()
    }

    /// Compresses more bytes; nil when zlib fails, and for bytes after the end.
    package func compress(_ bytes: [UInt8], _ flush: Flush = .none) -> [UInt8]? {
        guard let size = UInt32(exactly: bytes.count) else { return nil }
        var (input, output, status) = (bytes, [UInt8](), Z_OK)
        // zlib reads the input within this call only.
        unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe self.stream.pointee.next_in = input.baseAddress
            unsafe self.stream.pointee.avail_in = size
            repeat {
                output += self.nextChunk(room: max(bytes.count / 2, 512), flush, &status)
                // A chunk that is not full was the last one.
            } while unsafe status == Z_OK && self.stream.pointee.avail_out == 0
            unsafe self.stream.pointee.next_in = nil
        }
        // Z_BUF_ERROR says that there was nothing left to write.
        let isDone = flush == .finish ? status == Z_STREAM_END : status == Z_OK || status == Z_BUF_ERROR
        return isDone ? output : nil
    }

    /// The next output of zlib, at most `room` bytes.
    private func nextChunk(room: Int, _ flush: Flush, _ status: inout Int32) -> [UInt8] {
        let mode =
            switch flush {
            case .none: Z_NO_FLUSH
            case .sync: Z_SYNC_FLUSH
            case .finish: Z_FINISH
            }
        // zlib gets the buffer with its size, fills it only within this call, and counts the bytes that it has written.
        return unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            unsafe self.stream.pointee.next_out = buffer.baseAddress
            unsafe self.stream.pointee.avail_out = UInt32(room)
            status = unsafe deflate(self.stream, mode)
            count = unsafe room - Int(self.stream.pointee.avail_out)
        }
    }
}
