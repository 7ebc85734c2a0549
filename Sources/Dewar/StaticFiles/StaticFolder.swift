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

/// The folder that static files are in. It opens no file outside of itself.
///
/// Each part of a name is opened relative to the folder before it, and no symbolic link is followed. Otherwise an
/// attacker who can create a link in the folder (an upload, an unpacked archive) could read any file that the process
/// may read. The folder itself may be a link, as deployments have it (`current`).
struct StaticFolder: Sendable {
    /// The folder; relative to the working directory unless it begins with a slash.
    let path: String
    /// Whether names that begin with a dot are served (`.git`, `.env`).
    let servesHiddenFiles: Bool

    /// Opens a regular file. The call blocks while the disk works.
    func open(_ name: String) throws(StaticFileError) -> StaticFile {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.allSatisfy(self.mayBeServed) else { throw .notFound }
        var folder = try Self.opened(SystemCall.open(self.path, O_RDONLY | O_DIRECTORY), isRoot: true)
        for part in parts.dropLast() {
            folder = try Self.open(part, in: folder, O_DIRECTORY)
        }
        // Without these flags, opening a pipe waits for a writer, and a terminal may become the process's own.
        let file = try Self.open(parts[parts.count - 1], in: folder, O_NONBLOCK | O_NOCTTY)
        guard let status = SystemCall.status(of: file.descriptor) else { throw .system(errno: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notFound }
        return StaticFile(file, status)
    }

    private func mayBeServed(_ part: Substring.UTF8View) -> Bool {
        // The system ends a name at a zero byte: "style.css\0.png" would be another name for "style.css".
        guard !part.isEmpty, !part.contains(0) else { return false }
        guard part.first == UInt8(ascii: ".") else { return true }
        return self.servesHiddenFiles && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
    }

    private static func open(
        _ part: Substring.UTF8View, in folder: OpenFile, _ flags: Int32
    ) throws(StaticFileError) -> OpenFile {
        let name = String(Substring(part))
        return try Self.opened(SystemCall.open(name, in: folder.descriptor, O_RDONLY | O_NOFOLLOW | flags))
    }

    private static func opened(_ descriptor: Int32, isRoot: Bool = false) throws(StaticFileError) -> OpenFile {
        guard descriptor < 0 else { return OpenFile(descriptor) }
        switch errno {
        case EMFILE, ENFILE, ENOMEM, EIO: throw .system(errno: errno)
        case let number where isRoot || number == EACCES || number == EPERM: throw .unreadable(errno: number)
        // No such name, no folder, a link, a socket, a name longer than the file system takes.
        default: throw .notFound
        }
    }
}
