// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// An open file or folder. It is closed when the last reference to it goes, so that even a response that is never sent
/// (HEAD, a client that has disconnected) releases its descriptor.
final class OpenFile: Sendable {
    let descriptor: Int32

    /// How many files, connections among them, the process may have open.
    static var limit: Int {
        let limit = sysconf(Int32(_SC_OPEN_MAX))
        return limit > 0 ? limit : .max
    }

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(self.descriptor)
    }
}
