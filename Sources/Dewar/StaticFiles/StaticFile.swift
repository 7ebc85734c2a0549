// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Crypto
import NIOCore
import Sessions

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A regular file that is open for reading, with its size and date at the time it was opened.
struct StaticFile: Sendable {
    /// How many bytes are read at once. Of each file that is being sent, at most this many are in memory.
    static let chunkSize = 128 * 1024

    /// Its length in bytes.
    let size: Int
    /// When its contents were last changed, in seconds since 1970.
    let modified: Int
    /// Changes with every change of the contents that the file system notes.
    let entityTag: EntityTag
    /// The device and the number that the file has on it: another file of the same size and date has another.
    let identity: [UInt64]
    private let file: OpenFile

    init(_ file: OpenFile, _ status: stat) {
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        self.file = file
        self.identity = [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
        self.size = Int(status.st_size)
        self.modified = Int(time.tv_sec)
        let numbers = [Int(time.tv_sec), Int(time.tv_nsec), Int(status.st_size)]
        self.entityTag = EntityTag(numbers.map { String($0, radix: 16) }.joined(separator: "-"))
    }

    /// The hash of the contents, of 72 bits in base64url; nil if the file cannot be read, or changes meanwhile. The call
    /// blocks while the disk works.
    func contentHash() -> String? {
        var hash = SHA256()
        var rest = 0..<self.size
        while !rest.isEmpty {
            guard let bytes = try? Self.read(rest.prefix(Self.chunkSize), of: self.file), bytes.readableBytes > 0 else {
                return nil
            }
            // The hash reads the bytes within this call only.
            unsafe bytes.withUnsafeReadableBytes { unsafe hash.update(bufferPointer: $0) }
            rest = rest.dropFirst(bytes.readableBytes)
        }
        guard let status = SystemCall.status(of: self.file.descriptor),
            StaticFile(self.file, status).entityTag == self.entityTag
        else { return nil }
        return String(decoding: Base64.encodeURLSafe(Array(hash.finalize().prefix(9))), as: UTF8.self)
    }

    /// Some of these bytes; none only after the file's end. The call blocks while the disk works.
    func read(_ range: Range<Int>) throws -> ByteBuffer { try Self.read(range, of: self.file) }

    private static func read(_ range: Range<Int>, of file: OpenFile) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        var problem: Int32?
        // The buffer holds at least as many bytes as are asked for, and is used within the call only.
        _ = unsafe bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: range.count) { buffer in
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(range.count))
            let count = unsafe SystemCall.readPart(file.descriptor, at: range.lowerBound, into: part)
            if count < 0 { problem = errno }
            return max(count, 0)
        }
        if let problem { throw StaticFileError.system(errno: problem) }
        return bytes
    }
}
