// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// A person's wish that the app is built and started again, although no file has changed.
final class RestartRequest: Sendable {
    private let isWaiting = Mutex(false)

    func make() {
        self.isWaiting.withLock { $0 = true }
    }

    /// Whether there is one; it is taken with that.
    func take() -> Bool {
        self.isWaiting.withLock { isWaiting in
            defer { isWaiting = false }
            return isWaiting
        }
    }
}
