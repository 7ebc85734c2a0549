// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// What the code that answers one request may ask for without being handed it.
final class RequestScope: Sendable {
    @TaskLocal static var current: RequestScope?

    let base: URLBase
    private let failure = Mutex<RouteError?>(nil)

    init(base: URLBase) {
        self.base = base
    }

    /// Remembers a mistake that a function which does not throw has met; the response becomes a 500.
    func fail(_ error: RouteError) {
        self.failure.withLock { $0 = $0 ?? error }
    }

    func throwFailure() throws {
        if let failure = self.failure.withLock({ $0 }) { throw failure }
    }
}
