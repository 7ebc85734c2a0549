// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSupport

/// Where counts of one kind are kept.
protocol AttemptCounts: Sendable {
    /// Whether a count was kept, and has not expired.
    func exists(_ id: SessionID) async throws -> Bool
    /// A count, or what counts for a name that has none.
    func read(_ id: SessionID) async throws -> AttemptCount
    /// Forgets a count.
    func remove(_ id: SessionID) async throws
    /// Changes a count as it is at the moment of the write.
    ///
    /// - Parameters:
    ///   - id: The name of the count.
    ///   - keep: How long the count is to be kept.
    ///   - change: Gives the new count. Its second argument is the time in milliseconds since 1970. It may be called
    ///     several times; what it throws is thrown, and nothing is written.
    func change(
        _ id: SessionID, keep: Duration, _ change: (AttemptCount, Int) throws -> AttemptCount
    ) async throws
}

/// The counts of a limit, a table for each kind.
struct AttemptTables: Sendable {
    let users: any AttemptCounts
    let networks: any AttemptCounts
    /// A record for each network from which a user has signed in, with the user's count there.
    let familiar: any AttemptCounts

    /// So many counts of each kind are in memory where there is no store for them: some 60 MB in all.
    static let usualMaximum = 100_000

    /// All counts in one store. One that evicts, such as a `MemoryStore` with a `maximumCount`, does so by the time at
    /// which a record ends, and an attacker with many names could make it evict the counts of the attacked user: in its
    /// place there are tables, of the usual size where that is larger, because its maximum was chosen for sessions.
    init(in store: any SessionStore, clock: SessionClock) {
        if let maximumCount = (store as? any EvictingStore)?.maximumCount {
            self.init(maximumCount: max(maximumCount, Self.usualMaximum), clock: clock)
        } else {
            self.init(CountTable(store: store, clock: clock))
        }
    }

    private init(_ counts: CountTable) {
        (self.users, self.networks, self.familiar) = (counts, counts, counts)
    }

    /// In the memory of this process. Each kind has a table of its own, so that invented names evict no network.
    init(maximumCount: Int = Self.usualMaximum, clock: SessionClock) {
        self.users = CountMemory(maximumCount: maximumCount, clock: clock)
        self.networks = CountMemory(maximumCount: maximumCount, clock: clock)
        // Only a right password makes a record here, and one that was needed before is evicted last.
        self.familiar = CountTable(store: MemoryStore(maximumCount: maximumCount), clock: clock)
    }
}
