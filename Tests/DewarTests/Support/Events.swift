// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// What happened, in order.
final class Events: Sendable {
    private let kept = Mutex<[String]>([])

    var all: [String] { self.kept.withLock { $0 } }

    func add(_ event: String) {
        self.kept.withLock { $0.append(event) }
    }
}
