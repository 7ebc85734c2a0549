// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// Counts commands in flight and their bytes, and refuses more than the limits. Without it, commands for a slow or lost
/// server would fill the memory.
final class Quota: Sendable {
    private let taken = Mutex((commands: 0, bytes: 0))
    private let commands: Int
    private let bytes: Int

    init(commands: Int, bytes: Int) {
        self.commands = commands
        self.bytes = bytes
    }

    /// Reserves room; give it back with ``leave(commands:bytes:)``. When nothing else is in flight, any size is
    /// admitted.
    func enter(commands: Int, bytes: Int) throws(RedisStoreError) {
        try self.taken.withLock { taken throws(RedisStoreError) in
            let fits = taken.commands + commands <= self.commands && taken.bytes + bytes <= self.bytes
            guard fits || taken.commands == 0 else { throw .queueFull }
            taken.commands += commands
            taken.bytes += bytes
        }
    }

    func leave(commands: Int, bytes: Int) {
        self.taken.withLock { taken in
            taken.commands -= commands
            taken.bytes -= bytes
        }
    }

    var isEmpty: Bool { self.taken.withLock { $0.commands == 0 } }
}
