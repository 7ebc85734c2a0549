// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// Whether a file belongs to the user that runs the program, so that no other user can replace its contents.
package enum OwnFile {
    /// What is wrong with a file.
    package enum Problem: Hashable, Sendable, CustomStringConvertible {
        /// A symbolic link that leads nowhere, or that another user could change.
        case link
        /// A folder, a pipe or a device.
        case notAFile
        /// The file belongs to another user.
        case foreignOwner(uid: UInt32)
        /// Users other than the owner may write to the file.
        case writableByOthers(mode: UInt16)

        package var description: String {
            switch self {
            case .link: "is a symbolic link that leads nowhere, or that belongs to another user"
            case .notAFile: "is no ordinary file"
            case .foreignOwner(let uid): "belongs to user \(uid) and not to the user that runs the program"
            case .writableByOthers(let mode):
                "can be written by others (mode \(String(mode, radix: 8))); chmod it to 600"
            }
        }
    }

    /// What is wrong with the file at a path; nil when nothing is wrong, and when there is no file.
    package static func problem(at path: String) -> Problem? {
        guard let named = SystemCall.status(of: path) else { return nil }
        guard named.st_mode & S_IFMT == S_IFLNK else { return Self.problem(named) }
        // Another user could change their link a moment later. A new file behind a link that leads nowhere would get
        // whatever mode the system gives it.
        guard named.st_uid == geteuid() || named.st_uid == 0, let target = SystemCall.status(behind: path) else {
            return .link
        }
        return Self.problem(target)
    }

    private static func problem(_ status: stat) -> Problem? {
        guard status.st_mode & S_IFMT == S_IFREG else { return .notAFile }
        if status.st_uid != geteuid() { return .foreignOwner(uid: status.st_uid) }
        if status.st_mode & 0o022 != 0 { return .writableByOthers(mode: UInt16(status.st_mode & 0o7777)) }
        return nil
    }
}
