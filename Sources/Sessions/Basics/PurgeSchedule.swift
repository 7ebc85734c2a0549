// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How often expired sessions are removed from a store, and how many at a time.
///
/// ```swift
/// let purge = PurgeSchedule(interval: .seconds(10 * 60), batch: 1000)
/// let configuration = SessionConfiguration(.stored(in: store, purge: purge))
/// ```
///
/// An expired session is absent whether or not it has been removed. Purging only frees the space that it takes.
public struct PurgeSchedule: Sendable {
    /// The average time between two rounds. Each pause is up to a quarter shorter or longer, so that several servers do
    /// not purge at the same moment.
    public var interval: Duration
    /// How many sessions one batch removes. A round goes on until a batch is not full. Fewer than 1 is refused at
    /// start-up.
    public var batch: Int
    private let sleep: @Sendable (Duration) async throws -> Void
    private let jitter: @Sendable () -> Double
    let yield: @Sendable () async -> Void

    /// A schedule. The default is a round about every minute, in batches of 500.
    public init(interval: Duration = .seconds(60), batch: Int = 500) {
        self.init(interval: interval, batch: batch) { try await Task.sleep(for: $0) }
    }

    package init(
        interval: Duration, batch: Int, sleep: @escaping @Sendable (Duration) async throws -> Void,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: 0.75...1.25) },
        yield: @escaping @Sendable () async -> Void = { await Task.yield() }
    ) {
        self.interval = interval
        self.batch = batch
        self.sleep = sleep
        self.jitter = jitter
        self.yield = yield
    }

    /// Waits for the next round; false when the task has been cancelled.
    func wait() async -> Bool {
        let isOver: Void? = try? await self.sleep(self.interval * self.jitter())
        return isOver != nil && !Task.isCancelled
    }
}
