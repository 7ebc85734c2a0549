// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics

/// Counts attempts for the operator. The counters are made once, so that counting costs one addition.
struct SignInMeter: Sendable {
    private let outcomes: [String: Counter]

    static let label = "dewar_sign_in_attempts_total"

    init(_ factory: any MetricsFactory) {
        let names = ["succeeded", "failed", "refused_user", "refused_network", "store_failed"]
        self.outcomes = Dictionary(
            uniqueKeysWithValues: names.map {
                ($0, Counter(label: Self.label, dimensions: [("outcome", $0)], factory: factory))
            })
    }

    func succeeded() { self.outcomes["succeeded"]?.increment() }
    func failed() { self.outcomes["failed"]?.increment() }
    func storeFailed() { self.outcomes["store_failed"]?.increment() }
    func refused(_ kind: SignInLimitReached.Kind) { self.outcomes["refused_\(kind)"]?.increment() }
}
