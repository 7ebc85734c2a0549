// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A file of a ``StoreFolder`` that is open.
struct OpenFile {
    let name: String
    fileprivate let descriptor: Int32
}

extension StoreFolder {
    /// The largest file that is written and read. Nothing else limits a record; a session with contents of 25 MiB fits,
    /// which is 25 times what a store takes by default.
    static let maximumFileSize = 64 << 20

    /// Runs `body` with a file that is open for reading and, by default, for writing; with nil when there is no such
    /// file.
    func withFile<Value>(
        _ name: String, _ flags: Int32 = O_RDWR, _ body: (OpenFile?) throws -> Value
    ) throws -> Value {
        let descriptor = SystemCall.open(name, in: self.descriptor, flags | O_NOFOLLOW)
        guard descriptor >= 0 else {
            guard errno == ENOENT, !self.isRemoved else { throw self.failure("open", name) }
            return try body(nil)
        }
        defer { close(descriptor) }
        return try body(OpenFile(name: name, descriptor: descriptor))
    }

    /// All bytes of a file that nothing has read from yet; none of a file that is larger than any record's. That one is
    /// damaged, and reading it could fill the memory.
    func contents(of file: OpenFile) throws(DirectoryStoreError) -> [UInt8] {
        guard let status = SystemCall.status(of: file.descriptor) else { throw self.failure("stat", file.name) }
        guard status.st_size <= Self.maximumFileSize else { return [] }
        guard let bytes = SystemCall.readAll(file.descriptor) else { throw self.failure("read", file.name) }
        return bytes
    }

    /// Changes a record's file in place. If that fails, the old record counts.
    func apply(_ change: RecordFile.Change, to file: OpenFile) throws(DirectoryStoreError) {
        try self.write(change.slot, to: file)
        do {
            try self.write(change.sequence, to: file)
        } catch {
            // The change may be in the file, and not on the disk, or the other way round.
            try? self.write(change.undo, to: file)
            throw error
        }
    }

    private func write(_ part: RecordFile.Part, to file: OpenFile) throws(DirectoryStoreError) {
        guard SystemCall.writeAll(part.bytes, to: file.descriptor, at: part.offset),
            !self.isDurable || SystemCall.synchronize(file.descriptor)
        else { throw self.failure("write", file.name) }
    }
}
