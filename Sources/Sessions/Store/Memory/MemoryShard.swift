// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// A part of a ``MemoryStore`` with a lock of its own.
final class MemoryShard: Sendable {
    let table = Mutex(MemoryTable())
}
