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
    /// Runs while nobody else, in this process or another, holds the same lock.
    func locked<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
        while true {
            let file = try self.open(name, O_RDWR)
            defer { close(file) }
            guard SystemCall.uninterrupted({ flock(file, LOCK_EX) }) == 0 else { throw self.failure("lock", name) }
            guard let status = SystemCall.status(of: file) else { throw self.failure("stat", name) }
            // A lock file that was deleted meanwhile, by a cleaner of temporary files say, keeps nobody out.
            if status.st_nlink > 0 { return try body() }
        }
    }
}
