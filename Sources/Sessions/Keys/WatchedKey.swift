// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import CoreMetrics

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A key at work: whether it is accepted now, and what is told when a token turns up that it made.
struct WatchedKey: Sendable {
    let key: SecretKey
    private let end: Date?
    private let watch: KeyWatch
    /// Nil when nobody wants to know.
    private let counter: Counter?

    init(_ accepted: AcceptedKey, watch: KeyWatch, counter: Counter?) {
        self.key = accepted.key
        self.end = accepted.end
        self.watch = watch
        self.counter = counter
    }

    /// Looked up at each use, so that a key ends on time in a server that runs for months.
    var isAccepted: Bool {
        self.end.map { self.watch.clock.now() < $0 } ?? true
    }

    /// Counts a token that this key made, and warns if the key ends soon.
    func noteUse() {
        self.counter?.increment()
        if let end = self.end { self.watch.noteUse(of: self.key, endingAt: end) }
    }
}

extension WatchedKey: CustomStringConvertible, CustomReflectable {
    var description: String { self.key.description }

    var customMirror: Mirror { Mirror(self, children: ["key": self.key]) }
}
