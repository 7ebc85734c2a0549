// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Key files on the disk. Every call blocks.
package enum KeyFileStorage {
    /// The owner, the group and the mode of a file.
    package struct Access: Sendable {
        let owner: uid_t
        let group: gid_t
        let mode: mode_t
    }

    private static let maximumSize = 1 << 16

    /// The file and its access; nil when there is no file.
    ///
    /// - Parameter allowed: Which other users may have access to it.
    package static func readIfPresent(
        _ path: String, access allowed: KeyFileAccess
    ) throws(KeyFileError) -> (file: KeyFile, access: Access)? {
        do throws(KeyFileError) {
            return try self.read(path, access: allowed)
        } catch {
            if error.kind.problem == Self.absent { return nil }
            throw error
        }
    }

    /// The file and its access.
    package static func read(
        _ path: String, access allowed: KeyFileAccess
    ) throws(KeyFileError) -> (file: KeyFile, access: Access) {
        let bytes: [UInt8]
        let access: Access
        do throws(KeyFileProblem) {
            (bytes, access) = try Self.contents(of: path, allowed)
        } catch {
            throw KeyFileError(path, error)
        }
        return (try KeyFile(bytes, path: path), access)
    }

    private static func contents(
        of path: String, _ allowed: KeyFileAccess
    ) throws(KeyFileProblem) -> ([UInt8], Access) {
        let (descriptor, status) = try Self.open(path, allowed)
        defer { close(descriptor) }
        guard status.st_size <= Self.maximumSize else { throw .tooLarge }
        guard let bytes = SystemCall.readAll(descriptor) else { throw Self.failure("read") }
        return (bytes, Access(owner: status.st_uid, group: status.st_gid, mode: status.st_mode & 0o777))
    }

    /// What is wrong with the access to a file that holds a key, such as a configuration file. Nil when nothing is
    /// wrong, and also when the file cannot be opened, because reading it will throw.
    package static func problem(at path: String, access allowed: KeyFileAccess) -> KeyFileProblem? {
        do throws(KeyFileProblem) {
            close(try Self.open(path, allowed).descriptor)
            return nil
        } catch {
            if case .system = error { return nil }
            return error
        }
    }

    private static func open(
        _ path: String, _ allowed: KeyFileAccess
    ) throws(KeyFileProblem) -> (descriptor: Int32, status: stat) {
        // Without O_NONBLOCK, opening a pipe would make the server wait.
        let descriptor = SystemCall.open(path, O_RDONLY | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.failure("open") }
        do throws(KeyFileProblem) {
            guard let status = SystemCall.status(of: descriptor) else { throw Self.failure("stat") }
            guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
            if let problem = allowed.problem(owner: status.st_uid, mode: status.st_mode) { throw problem }
            return (descriptor, status)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Replaces the file in one step: another process that reads it meanwhile finds the old file or the new one, and so
    /// does the next start after a power cut.
    ///
    /// - Parameter access: The access of the old file; nil gives access to the caller's user alone.
    package static func write(_ file: KeyFile, access: Access?) throws(KeyFileError) {
        do throws(KeyFileProblem) {
            // A symbolic link stays, and its target is replaced.
            let path = SystemCall.realPath(file.path) ?? file.path
            let temporary = "\(path).\(Hex.text(SessionRandom.system.bytes(8))).tmp"
            do throws(KeyFileProblem) {
                try Self.create(temporary, file.bytes, access: access)
                guard SystemCall.rename(temporary, to: path) == 0 else { throw Self.failure("rename") }
            } catch {
                _ = SystemCall.remove(temporary)
                throw error
            }
            Self.synchronizeFolder(of: path)
        } catch {
            throw KeyFileError(file.path, error)
        }
    }

    private static func create(_ path: String, _ bytes: [UInt8], access: Access?) throws(KeyFileProblem) {
        let descriptor = SystemCall.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        guard descriptor >= 0 else { throw Self.failure("open") }
        defer { close(descriptor) }
        if let access {
            // The owner first: with the mode first, the new file's group would briefly have the rights of the old
            // file's.
            guard fchown(descriptor, access.owner, access.group) == 0 else { throw Self.failure("chown") }
            guard fchmod(descriptor, access.mode) == 0 else { throw Self.failure("chmod") }
        }
        guard SystemCall.writeAll(bytes, to: descriptor) else { throw Self.failure("write") }
        guard SystemCall.synchronize(descriptor) else { throw Self.failure("fsync") }
    }

    /// The new name is part of the folder, which must be synchronized too. Not every file system can do this.
    private static func synchronizeFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = SystemCall.open(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { return }
        _ = SystemCall.synchronize(descriptor)
        close(descriptor)
    }

    private static var absent: KeyFileProblem { .system(operation: "open", errno: ENOENT) }

    private static func failure(_ operation: String) -> KeyFileProblem {
        .system(operation: operation, errno: errno)
    }
}
