// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// Numbers the beginnings and ends of operations in the order in which they happen.
final class EventClock: Sendable {
    private let ticks = Atomic(0)

    func tick() -> Int {
        self.ticks.add(1, ordering: .sequentiallyConsistent).newValue
    }
}
