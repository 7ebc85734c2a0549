// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics

/// Counters of what happens to sessions; made once, so that counting costs an addition.
struct SessionMetrics: Sendable {
    private let rejections: [TokenError.Reason: Counter]

    init() {
        self.rejections = Dictionary(
            uniqueKeysWithValues: TokenError.Reason.allCases.map { reason in
                (reason, Counter(label: "dewar_sessions_rejected_total", dimensions: [("reason", reason.rawValue)]))
            })
    }

    func countRejection(_ reason: TokenError.Reason) {
        self.rejections[reason]?.increment()
    }
}
