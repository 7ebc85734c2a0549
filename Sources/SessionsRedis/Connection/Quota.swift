// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// Counts commands and their bytes, and refuses what is too many: a server that is slow or gone must not fill the
/// memory.
final class Quota: Sendable {
    private let taken = Mutex((commands: 0, bytes: 0))
    private let commands: Int
    private let bytes: Int

    init(commands: Int, bytes: Int) {
        self.commands = commands
        self.bytes = bytes
    }

    /// Room for so much, to be given back with ``leave(commands:bytes:)``. One command has it, however large, when
    /// nothing else is under way.
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
