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
    /// Another process, or another call of this process, holds the lock.
    struct LockIsHeld: Error {}

    /// How often a lock is tried, and the pause between two tries in microseconds: together as long as a write takes. A
    /// caller that wants to wait longer must do so without a thread.
    private static let lockTries = (count: 10, pause: UInt32(100))

    /// Runs `body` while no other process, and no other call of this process, holds the same lock.
    ///
    /// - Throws: ``LockIsHeld`` when the lock stays taken for a millisecond. `flock` itself would wait without a limit.
    func locked<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
        while true {
            let file = try self.open(name, O_RDWR)
            defer { close(file) }
            guard try self.lock(file, name) else { throw LockIsHeld() }
            guard let status = SystemCall.status(of: file) else { throw self.failure("stat", name) }
            // A lock file that was deleted meanwhile, as by a cleaner of temporary files, excludes no other process:
            // open it anew.
            if status.st_nlink > 0 { return try body() }
        }
    }

    private func lock(_ file: Int32, _ name: String) throws -> Bool {
        for number in 1...Self.lockTries.count {
            if SystemCall.uninterrupted({ flock(file, LOCK_EX | LOCK_NB) }) == 0 { return true }
            guard errno == EWOULDBLOCK else { throw self.failure("lock", name) }
            if number < Self.lockTries.count { usleep(Self.lockTries.pause) }
        }
        return false
    }
}
