// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics
import Logging

/// Counters of what happens to sessions; made once, so that counting costs an addition.
struct SessionMetrics: Sendable {
    private let droppedWrites = Counter(label: "dewar_sessions_dropped_writes_total")
    private let storeFailures = Counter(label: "dewar_sessions_store_failures_total")
    private let rejections: [TokenError.Reason: Counter]

    init() {
        self.rejections = Dictionary(
            uniqueKeysWithValues: TokenError.Reason.allCases.map { reason in
                (reason, Counter(label: "dewar_sessions_rejected_total", dimensions: [("reason", reason.rawValue)]))
            })
    }

    /// Counts a cookie that gave no session, and logs why, without the cookie.
    func countRejection(_ error: TokenError, logger: Logger?) {
        self.rejections[error.reason]?.increment()
        logger?.debug("session cookie rejected", metadata: ["session.reason": "\(error.reason.rawValue)"])
    }

    func countDroppedWrite() {
        self.droppedWrites.increment()
    }

    func countStoreFailure() {
        self.storeFailures.increment()
    }
}
