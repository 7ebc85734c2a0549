// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

extension StoreFolder {
    /// Calls with the name of everything in a folder, in no order, until told to stop; a folder that is not there is
    /// empty.
    func forEachName(in name: String, _ body: (String) throws -> Bool) throws {
        let folder = SystemCall.uninterrupted {
            openat(self.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0)
        }
        guard folder >= 0 else {
            guard errno == ENOENT, !self.isRemoved else { throw self.failure("open", name) }
            return
        }
        guard let stream = fdopendir(folder) else {
            defer { close(folder) }
            throw self.failure("open", name)
        }
        defer { closedir(stream) }
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != "..", try !body(name) { return }
            errno = 0
        }
        guard errno == 0 else { throw self.failure("list", name) }
    }

    /// The names of everything in a folder, in order.
    func names(in name: String) throws -> [String] {
        var names: [String] = []
        try self.forEachName(in: name) { entry in
            names.append(entry)
            return true
        }
        return names.sorted()
    }
}
