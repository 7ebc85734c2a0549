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

extension StoreFolder {
    /// Calls `body` with each name in a folder, in any order, until it returns false; a missing folder counts as empty.
    func forEachName(in name: String, _ body: (String) throws -> Bool) throws {
        let folder = SystemCall.open(name, in: self.descriptor, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        guard folder >= 0 else {
            guard errno == ENOENT, !self.isRemoved else { throw self.failure("open", name) }
            return
        }
        // Only this call uses the stream, and an entry is valid until the next one is read.
        guard let stream = unsafe fdopendir(folder) else {
            let failure = self.failure("open", name)
            close(folder)
            throw failure
        }
        defer { unsafe closedir(stream) }
        errno = 0
        while let entry = unsafe readdir(stream) {
            let name = unsafe Self.name(of: entry)
            if name != ".", name != "..", try !body(name) { return }
            errno = 0
        }
        guard errno == 0 else { throw self.failure("list", name) }
    }

    /// The name in an entry, up to its zero byte. An entry may be shorter than its type: the memory after the name must
    /// not be read.
    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return "." }
        return unsafe String(cString: UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self))
    }

    /// The names in a folder, sorted.
    func names(in name: String) throws -> [String] {
        var names: [String] = []
        try self.forEachName(in: name) { entry in
            names.append(entry)
            return true
        }
        return names.sorted()
    }
}
