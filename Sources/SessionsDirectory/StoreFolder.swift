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

/// An open folder of the store's own, and the files in it by their relative paths.
///
/// The descriptor holds the folder: moving it, or putting another one in its place, changes nothing for a store that
/// has it open. Every call blocks.
final class StoreFolder: Sendable {
    let path: String
    /// Whether changes survive a power cut once a call has returned.
    let isDurable: Bool
    let descriptor: Int32

    /// Opens the folder, which is made if need be; its parent folder is not.
    init(path: String, isDurable: Bool) throws(DirectoryStoreError) {
        // With a trailing slash, the system would follow a symbolic link.
        var path = path
        while path.utf8.count > 1, path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        self.path = path
        self.isDurable = isDurable
        self.descriptor = try OwnFolder.open(path)
        // A parent that may not be read cannot be synchronized; the folder in it was not made just now.
        try? self.synchronizeFolder(of: "../")
    }

    deinit {
        close(self.descriptor)
    }

    // MARK: - Files

    /// A file's bytes; nil when there is no such file.
    func contents(of name: String) throws -> [UInt8]? {
        try self.withFile(name, O_RDONLY) { try $0.map(self.contents) }
    }

    /// Makes a new file; if that fails, nothing of it is left. What would be too large to be read again is refused.
    func create(_ name: String, contents: [UInt8]) throws(DirectoryStoreError) {
        guard contents.count <= Self.maximumFileSize else {
            throw DirectoryStoreError("\(self.path)/\(name)", .system(operation: "write", errno: EFBIG))
        }
        let file = try self.open(name, O_WRONLY | O_EXCL)
        // Synchronizing allocates the space as well.
        if !self.isDurable { SystemCall.allocate(contents.count, for: file) }
        let isWritten = SystemCall.writeAll(contents, to: file) && (!self.isDurable || SystemCall.synchronize(file))
        let failure = isWritten ? nil : self.failure("write", name)
        close(file)
        guard let failure else { return }
        self.discard(name)
        throw failure
    }

    /// Makes an empty file, unless it is there already.
    func mark(_ name: String) throws(DirectoryStoreError) {
        close(try self.open(name, O_WRONLY))
        try self.synchronizeFolder(of: name)
    }

    /// Sets the times of a file to now, or makes the file empty if it is gone.
    func refresh(_ name: String) throws(DirectoryStoreError) {
        // The system reads the name up to its zero byte, which a Swift string always has; no times stand for now.
        guard unsafe utimensat(self.descriptor, name, nil, AT_SYMLINK_NOFOLLOW) != 0 else { return }
        try self.mark(name)
    }

    /// Moves a file in one step; it replaces a file that has the new name.
    func move(_ name: String, to target: String) throws(DirectoryStoreError) {
        try self.makingFolders(for: target, "rename") {
            SystemCall.rename(name, to: target, in: self.descriptor)
        }
        try self.synchronizeFolder(of: target)
    }

    /// Removes a file; a file that is already gone is no error.
    func remove(_ name: String) throws(DirectoryStoreError) {
        guard SystemCall.remove(name, in: self.descriptor) == 0 else {
            if errno == ENOENT { return }
            throw self.failure("unlink", name)
        }
        try self.synchronizeFolder(of: name)
    }

    /// Removes a file whose presence does no harm, and ignores errors.
    func discard(_ name: String) {
        _ = SystemCall.remove(name, in: self.descriptor)
    }

    /// Removes a folder if it is empty.
    func discardFolder(_ name: String) {
        _ = SystemCall.remove(name, in: self.descriptor, flags: AT_REMOVEDIR)
    }

    /// When a file was last written to, in seconds since 1970; nil when it is gone.
    func lastWrite(_ name: String) -> Int? {
        guard let status = SystemCall.status(of: name, in: self.descriptor) else { return nil }
        #if canImport(Darwin)
        return status.st_mtimespec.tv_sec
        #else
        return status.st_mtim.tv_sec
        #endif
    }

    // MARK: - Helpers

    func open(_ name: String, _ flags: Int32) throws(DirectoryStoreError) -> Int32 {
        try self.makingFolders(for: name, "create") {
            SystemCall.open(name, in: self.descriptor, flags | O_CREAT | O_NOFOLLOW, mode: 0o600)
        }
    }

    /// Tries a call. If folders are missing, makes them and tries again, several times: a purge may remove an empty
    /// folder at any moment.
    @discardableResult
    private func makingFolders(
        for name: String, _ operation: String, _ call: () -> Int32
    ) throws(DirectoryStoreError) -> Int32 {
        for _ in 0..<100 {
            let answer = call()
            if answer >= 0 { return answer }
            guard errno == ENOENT else { break }
            try self.makeFolders(for: name)
        }
        throw self.failure(operation, name)
    }

    private func makeFolders(for name: String) throws(DirectoryStoreError) {
        for index in name.utf8.indices where name.utf8[index] == UInt8(ascii: "/") {
            let folder = String(name[..<index])
            if SystemCall.makeFolder(folder, in: self.descriptor, mode: 0o700) == 0 {
                try self.synchronizeFolder(of: folder)
            } else if errno != EEXIST {
                // The parent was removed just now, and the caller tries again. The store's own folder never comes back.
                guard errno == ENOENT, folder.utf8.contains(UInt8(ascii: "/")) else {
                    throw self.failure("mkdir", folder)
                }
                return
            }
        }
    }

    private func synchronizeFolder(of name: String) throws(DirectoryStoreError) {
        guard self.isDurable else { return }
        let folder = name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "."
        let file = SystemCall.open(folder, in: self.descriptor, O_RDONLY | O_DIRECTORY)
        guard file >= 0 else {
            // The folder was empty and has been removed: there is nothing in it to lose.
            guard errno == ENOENT else { throw self.failure("open", folder) }
            return
        }
        defer { close(file) }
        guard SystemCall.synchronize(file) else { throw self.failure("sync", folder) }
    }

    /// Whether the folder itself was removed. A file that is missing here may then be in a folder that took its place.
    var isRemoved: Bool {
        let number = errno
        defer { errno = number }
        return SystemCall.status(of: self.descriptor)?.st_nlink == 0
    }

    func failure(_ operation: String, _ name: String) -> DirectoryStoreError {
        let number = errno
        if number == ENOENT, self.isRemoved { return DirectoryStoreError(self.path, .removed) }
        return DirectoryStoreError("\(self.path)/\(name)", .system(operation: operation, errno: number))
    }
}
