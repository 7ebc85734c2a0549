// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// System calls that a signal may interrupt.
enum SystemCall {
    /// Repeats a call until it was not a signal that ended it.
    static func uninterrupted<Answer: SignedInteger>(_ call: () -> Answer) -> Answer {
        while true {
            let answer = call()
            if answer != -1 || errno != EINTR { return answer }
        }
    }

    /// All bytes of an open file.
    static func readAll(_ descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var failed = false
        while true {
            let chunk = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
                let answer = Self.uninterrupted { read(descriptor, buffer.baseAddress, buffer.count) }
                failed = answer < 0
                count = max(answer, 0)
            }
            if failed { return nil }
            if chunk.isEmpty { return bytes }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
        }
    }

    /// Writes all of the bytes; false when the system refused.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let next = UnsafeRawBufferPointer(rebasing: rest)
                let answer = Self.uninterrupted { write(descriptor, next.baseAddress, next.count) }
                guard answer >= 0 else { return false }
                rest = rest.dropFirst(answer)
            }
            return true
        }
    }

    /// Gives a new file its place on the disk before it is written. A file without one is written out at once when it
    /// takes the place of another on ext4, which costs ten times as much; whether the file system can do it does not
    /// matter.
    static func allocate(_ count: Int, for descriptor: Int32) {
        #if !canImport(Darwin)
        _ = posix_fallocate(descriptor, 0, off_t(count))
        #endif
    }

    /// Waits until what was written to a file or a folder survives a power cut.
    static func synchronize(_ descriptor: Int32) -> Bool {
        #if canImport(Darwin)
        // There, fsync leaves it in the drive's own memory.
        return Self.uninterrupted { fcntl(descriptor, F_FULLFSYNC) } == 0
        #else
        return Self.uninterrupted { fsync(descriptor) } == 0
        #endif
    }
}
