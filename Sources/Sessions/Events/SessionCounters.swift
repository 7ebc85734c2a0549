// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics

/// Counters of what happens to sessions. They are made once, so that counting costs one addition.
struct SessionCounters: Sendable {
    private let created: Counter
    private let renewed: Counter
    private let signedIn: Counter
    private let reauthenticated: Counter
    private let signedOut: Counter
    private let ended: Counter
    private let revoked: Counter
    private let conflicts: Counter
    private let droppedWrites: Counter
    private let replayed: Counter
    private let rejections: [TokenError.Kind: Counter]
    private let storeFailures: Counter

    init(_ factory: any MetricsFactory) {
        func counter(_ name: String) -> Counter {
            Counter(label: "dewar_sessions_\(name)_total", factory: factory)
        }
        self.created = counter("created")
        self.renewed = counter("renewed")
        self.signedIn = counter("signed_in")
        self.reauthenticated = counter("reauthenticated")
        self.signedOut = counter("signed_out")
        self.ended = counter("ended")
        self.revoked = counter("revoked")
        self.conflicts = counter("conflicts")
        self.droppedWrites = counter("dropped_writes")
        self.replayed = counter("replayed")
        self.storeFailures = counter("store_failures")
        self.rejections = Dictionary(
            uniqueKeysWithValues: TokenError.Kind.all.map { reason in
                let label = "dewar_sessions_rejected_total"
                return (reason, Counter(label: label, dimensions: [("reason", reason.name)], factory: factory))
            })
    }

    func count(_ kind: SessionEvent.Kind) {
        self.counter(of: kind)?.increment()
    }

    func countStoreFailure() {
        self.storeFailures.increment()
    }

    private func counter(of kind: SessionEvent.Kind) -> Counter? {
        switch kind.value {
        case .created: self.created
        case .renewed: self.renewed
        case .signedIn: self.signedIn
        case .reauthenticated: self.reauthenticated
        case .signedOut: self.signedOut
        case .ended: self.ended
        case .expired: self.rejections[.expired]
        case .revoked: self.revoked
        case .rejected(let reason): self.rejections[reason]
        case .conflict: self.conflicts
        case .droppedWrite: self.droppedWrites
        case .replayed: self.replayed
        case .missed: nil
        }
    }
}
