// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CZlib
import Synchronization

/// zlib streams (RFC 1950) in memory, through the system's zlib.
package enum Zlib {
    /// Compresses at zlib's default level, as Python's `zlib.compress` does; nil when zlib has no memory.
    package static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        let deflater = Self.idleDeflaters.withLock { $0.popLast() } ?? Deflater()
        guard let deflater else { return nil }
        defer { Self.idleDeflaters.withLock { if $0.count < Self.maximumIdle { $0.append(deflater) } } }
        return deflater.compress(bytes)
    }

    /// Expands a stream; nil when it is damaged, cut short, or would give more than `limit` bytes.
    ///
    /// Bytes after the end of the stream are ignored, as Python's `zlib.decompress` ignores them in Flask's use.
    package static func decompress(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        var stream = z_stream()
        guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output: [UInt8] = []
        var status = Z_OK
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            while status == Z_OK, output.count <= limit {
                // One byte over the limit is asked for, so that a stream of exactly `limit` bytes can end.
                let room = min(max(4 * bytes.count, 256), limit - output.count + 1)
                let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(room)
                    status = inflate(&stream, Z_NO_FLUSH)
                    count = room - Int(stream.avail_out)
                }
                output.append(contentsOf: chunk)
            }
        }
        return status == Z_STREAM_END && output.count <= limit ? output : nil
    }

    private static let maximumIdle = 16
    /// A deflate state is 260 KB to set up; used ones wait here for the next session.
    private static let idleDeflaters = Mutex<[Deflater]>([])
}

/// One deflate state, used by one caller at a time: `Zlib` hands it out and takes it back.
private final class Deflater: @unchecked Sendable {
    // On the heap because zlib keeps a pointer to it.
    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        self.stream = .allocate(capacity: 1)
        self.stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard deflateInit_(self.stream, Z_DEFAULT_COMPRESSION, ZLIB_VERSION, size) == Z_OK else {
            self.stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(self.stream)
        self.stream.deallocate()
    }

    func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard deflateReset(self.stream) == Z_OK else { return nil }
        var input = bytes
        let room = Int(deflateBound(self.stream, UInt(bytes.count)))
        var status = Z_OK
        let output = input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                self.stream.pointee.next_in = input.baseAddress
                self.stream.pointee.avail_in = UInt32(input.count)
                self.stream.pointee.next_out = buffer.baseAddress
                self.stream.pointee.avail_out = UInt32(room)
                status = deflate(self.stream, Z_FINISH)
                count = room - Int(self.stream.pointee.avail_out)
            }
        }
        return status == Z_STREAM_END ? output : nil
    }
}
