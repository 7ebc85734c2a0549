// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import SessionsTesting
import Synchronization

/// What was asked of a store since a test looked last.
public final class StoreTraffic: Sendable {
    public struct Counts: Equatable, Sendable {
        public var reads: Int
        public var writes: Int

        public init(reads: Int = 0, writes: Int = 0) {
            self.reads = reads
            self.writes = writes
        }
    }

    private let store: CountingStore
    private let seen = Mutex(Counts())

    package init(_ store: CountingStore) {
        self.store = store
    }

    public func next() -> Counts {
        let now = Counts(reads: self.store.readCount, writes: self.store.writeCount)
        return self.seen.withLock { seen in
            defer { seen = now }
            return Counts(reads: now.reads - seen.reads, writes: now.writes - seen.writes)
        }
    }
}
