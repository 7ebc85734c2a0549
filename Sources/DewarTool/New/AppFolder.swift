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

/// The folder of a new app. Nothing that is there already is touched.
struct AppFolder {
    let name: String
    let path: String
    private let files: [NewApp.File]

    /// - Throws: ``ToolError`` when the folder around it is not there, or when there is something with the app's name.
    init(_ name: AppName, _ files: [NewApp.File], in parent: String) throws(ToolError) {
        guard let folder = SystemCall.realPath(parent), let status = SystemCall.status(behind: folder),
            status.st_mode & S_IFMT == S_IFDIR
        else { throw ToolError("There is no folder \(Printable.text(parent)); --in takes one.", status: .usage) }
        self.name = name.text
        self.path = folder == "/" ? folder + self.name : "\(folder)/\(self.name)"
        self.files = files
        guard SystemCall.status(of: self.path) == nil else { throw self.isThere }
    }

    /// Writes everything, or leaves nothing behind.
    func write() throws(ToolError) {
        // Another process may have made it since then: the system makes a folder only where there is nothing.
        guard SystemCall.makeFolder(self.path, mode: 0o755) == 0 else {
            throw errno == EEXIST ? self.isThere : self.failure("made", self.path)
        }
        var made = [self.path]
        do throws(ToolError) {
            for file in self.files { try self.write(file, noting: &made) }
        } catch {
            for path in made.reversed() where SystemCall.remove(path) != 0 {
                _ = SystemCall.remove(path, flags: AT_REMOVEDIR)
            }
            throw error
        }
    }

    private func write(_ file: NewApp.File, noting made: inout [String]) throws(ToolError) {
        var folder = self.path
        for part in file.path.split(separator: "/").dropLast() {
            folder += "/\(part)"
            guard !made.contains(folder) else { continue }
            guard SystemCall.makeFolder(folder, mode: 0o755) == 0 else { throw self.failure("made", folder) }
            made.append(folder)
        }
        let path = "\(self.path)/\(file.path)"
        let descriptor = SystemCall.open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: file.isSecret ? 0o600 : 0o644)
        guard descriptor >= 0 else { throw self.failure("made", path) }
        defer { close(descriptor) }
        made.append(path)
        guard SystemCall.writeAll(Array(file.text.utf8), to: descriptor) else { throw self.failure("written", path) }
    }

    private var isThere: ToolError {
        ToolError("There is a \(Printable.text(self.path)) already, and nothing is ever overwritten.")
    }

    private func failure(_ verb: String, _ path: String) -> ToolError {
        let reason = SystemCall.message(errno)
        return ToolError("\(Printable.text(path)) cannot be \(verb) (\(reason)).")
    }
}
