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

/// Opens a folder that no other user may write to, and refuses any other.
enum OwnFolder {
    /// The open folder, which is made if it does not exist.
    static func open(_ path: String) throws(DirectoryStoreError) -> Int32 {
        if SystemCall.makeFolder(path, mode: 0o700) != 0, errno != EEXIST {
            let number = errno
            throw DirectoryStoreError(
                path, number == ENOENT ? .parentMissing : .system(operation: "mkdir", errno: number))
        }
        let descriptor = SystemCall.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        guard descriptor >= 0 else { throw Self.refusal(path, errno) }
        if let problem = Self.problem(descriptor) {
            close(descriptor)
            throw DirectoryStoreError(path, problem)
        }
        return descriptor
    }

    private static func refusal(_ path: String, _ number: Int32) -> DirectoryStoreError {
        guard let status = SystemCall.status(of: path) else {
            return DirectoryStoreError(path, .system(operation: "open", errno: number))
        }
        switch status.st_mode & S_IFMT {
        case S_IFLNK: return DirectoryStoreError(path, .symbolicLink)
        case S_IFDIR where status.st_uid != geteuid():
            return DirectoryStoreError(path, .foreignOwner(uid: status.st_uid))
        case S_IFDIR: return DirectoryStoreError(path, .system(operation: "open", errno: number))
        default: return DirectoryStoreError(path, .notADirectory)
        }
    }

    private static func problem(_ descriptor: Int32) -> DirectoryStoreError.Kind? {
        guard let status = SystemCall.status(of: descriptor) else { return .system(operation: "stat", errno: errno) }
        if status.st_uid != geteuid() { return .foreignOwner(uid: status.st_uid) }
        if status.st_mode & 0o022 != 0 { return .writableByOthers(mode: UInt16(status.st_mode & 0o7777)) }
        return nil
    }
}
