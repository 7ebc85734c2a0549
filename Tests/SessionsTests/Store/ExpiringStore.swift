// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import Synchronization

/// A store with nothing in it but expired sessions, which it counts.
final class ExpiringStore: SessionStore {
    struct Failure: Error {}

    private let state: Mutex<(left: Int, failures: Int, limits: [Int])>

    init(expired: Int, failures: Int = 0) {
        self.state = Mutex((expired, failures, []))
    }

    var left: Int { self.state.withLock { $0.left } }
    /// The limits of the batches that were asked for.
    var limits: [Int] { self.state.withLock { $0.limits } }

    func read(_ id: SessionID, at now: Date) -> SessionRecord? { nil }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool { version == nil }

    func remove(_ id: SessionID, ifVersion version: Int?) -> Bool { true }

    func removeExpired(at now: Date, limit: Int) throws -> Int {
        try self.state.withLock { state in
            guard state.failures == 0 else {
                state.failures -= 1
                throw Failure()
            }
            state.limits.append(limit)
            let removed = min(limit, state.left)
            state.left -= removed
            return removed
        }
    }

    func ids(ofUser user: String, at now: Date) -> [SessionID] { [] }
}
