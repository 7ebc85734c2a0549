// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Darwin)
package import Darwin
#elseif canImport(Musl)
package import Musl
#else
package import Glibc
#endif

/// System calls, nearly all on files. They answer as the system does: -1 (or nil) for a failure, with its number in
/// `errno`.
///
/// Each is safe to call. The system reads a name up to its zero byte, which a Swift string always has. It writes no
/// more bytes than the buffer holds, and does both within the call.
package enum SystemCall {
    /// Opens a file by its name in an open folder, or in the working directory.
    package static func open(_ name: String, in folder: Int32 = AT_FDCWD, _ flags: Int32, mode: mode_t = 0) -> Int32 {
        Self.uninterrupted { unsafe openat(folder, name, flags | O_CLOEXEC, mode) }
    }

    /// The status of an open file.
    package static func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status : nil
    }

    /// The status of a name in a folder; for a symbolic link, of the link and not of its target.
    package static func status(of name: String, in folder: Int32 = AT_FDCWD) -> stat? {
        var status = stat()
        return unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    /// The status of the file that a name leads to through every symbolic link.
    package static func status(behind name: String) -> stat? {
        var status = stat()
        return unsafe fstatat(AT_FDCWD, name, &status, 0) == 0 ? status : nil
    }

    package static func makeFolder(_ name: String, in folder: Int32 = AT_FDCWD, mode: mode_t) -> Int32 {
        unsafe mkdirat(folder, name, mode)
    }

    /// Puts a file in the place of another, in one step.
    package static func rename(_ name: String, to target: String, in folder: Int32 = AT_FDCWD) -> Int32 {
        Self.uninterrupted { unsafe renameat(folder, name, folder, target) }
    }

    /// - Parameter flags: `AT_REMOVEDIR` for an empty folder.
    package static func remove(_ name: String, in folder: Int32 = AT_FDCWD, flags: Int32 = 0) -> Int32 {
        unsafe unlinkat(folder, name, flags)
    }

    /// The path without symbolic links and dots.
    package static func realPath(_ path: String) -> String? {
        // The system allocates the text, and the caller frees it.
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// The system's text for an error number, which is a constant of the C library.
    package static func message(_ number: Int32) -> String {
        unsafe String(cString: strerror(number))
    }

    /// Random bytes from the kernel, at most 256 in one call.
    ///
    /// Swift's generator asks the kernel for eight bytes at a time. It serves where there is no such call.
    package static func randomBytes(_ count: Int) -> [UInt8] {
        // The system fills the part of the buffer that it is given, and no more, within the call; what it has not
        // filled, because the call failed, the generator fills.
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let part = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled..<min(filled + 256, count)])
                guard unsafe getentropy(part.baseAddress, part.count) == 0 else { break }
                filled += part.count
            }
            var generator = SystemRandomNumberGenerator()
            while filled < count {
                unsafe buffer.initializeElement(at: filled, to: generator.next())
                filled += 1
            }
        }
    }

    /// Repeats a call for as long as a signal interrupts it.
    package static func uninterrupted<Answer: SignedInteger>(_ call: () -> Answer) -> Answer {
        while true {
            let answer = call()
            if answer != -1 || errno != EINTR { return answer }
        }
    }

    /// Reads from an offset in an open file, at most as many bytes as the buffer holds; 0 at the file's end.
    package static func readPart(
        _ descriptor: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        Self.uninterrupted { unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
    }

    private static let chunkSize = 4096

    /// All bytes of an open file, which must be a regular one: the system gives less than was asked for at its end alone.
    package static func readAll(_ descriptor: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        var failed = false
        while true {
            // The system writes at most as many bytes as the buffer has, and returns how many it wrote.
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: Self.chunkSize) { buffer, count in
                let answer = Self.uninterrupted { unsafe read(descriptor, buffer.baseAddress, buffer.count) }
                failed = answer < 0
                count = max(answer, 0)
            }
            if failed { return nil }
            let isEnd = chunk.count < Self.chunkSize
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            if isEnd { return bytes }
        }
    }

    /// Writes all bytes; false when the system refused.
    package static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            // The system reads no more than the count of bytes that it is given, and only within this call.
            let answer = unsafe rest.withUnsafeBytes { rest in
                Self.uninterrupted { unsafe write(descriptor, rest.baseAddress, rest.count) }
            }
            guard answer >= 0 else { return false }
            rest = rest.dropFirst(answer)
        }
        return true
    }

    /// Reserves a new file's space on the disk before the file is written. On ext4, a file without reserved space is
    /// written out at once when it replaces another, which takes ten times as long. A file system that cannot reserve
    /// space does no harm.
    package static func allocate(_ count: Int, for descriptor: Int32) {
        #if !canImport(Darwin)
        _ = posix_fallocate(descriptor, 0, off_t(count))
        #endif
    }

    /// Writes all bytes from an offset on; false when the system refused.
    package static func writeAll(_ bytes: [UInt8], to descriptor: Int32, at offset: Int) -> Bool {
        var done = 0
        while done < bytes.count {
            // The system reads no more than the count of bytes that it is given, and only within this call.
            let answer = unsafe bytes[done...].withUnsafeBytes { rest in
                Self.uninterrupted { unsafe pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done)) }
            }
            guard answer >= 0 else { return false }
            done += answer
        }
        return true
    }

    /// Waits until the file's or the folder's changes survive a power cut.
    package static func synchronize(_ descriptor: Int32) -> Bool {
        #if canImport(Darwin)
        // On Darwin, fsync leaves the data in the drive's own memory.
        return Self.uninterrupted { fcntl(descriptor, F_FULLFSYNC) } == 0
        #else
        return Self.uninterrupted { fsync(descriptor) } == 0
        #endif
    }
}
