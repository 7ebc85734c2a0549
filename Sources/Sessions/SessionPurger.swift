// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Synchronization

/// Removes expired sessions from a store, again and again, a bounded batch at a time.
///
/// It starts by itself with the first request. A server that is made of services runs it as one instead, and while that
/// runs, nothing else starts it; a request that comes after its end does.
final class SessionPurger: Sendable {
    private let store: any SessionStore
    private let clock: SessionClock
    private let schedule: PurgeSchedule
    private let logger: Logger
    private let time = ConfirmedTime()
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let isRunning = Atomic(false)

    init(store: any SessionStore, clock: SessionClock, schedule: PurgeSchedule, logger: Logger) {
        self.store = store
        self.clock = clock
        self.schedule = schedule
        self.logger = logger
        // What is deleted later is confirmed by this reading.
        _ = self.time.confirmed(clock.reading)
    }

    deinit {
        // Outside of the lock: cancellation runs the handlers of a store.
        let task = self.task.withLock { $0 }
        task?.cancel()
    }

    /// Runs the purger in a task of its own, unless it runs already.
    func start() {
        guard self.claim() else { return }
        // Held weakly between the batches, so that dropping the manager ends the task.
        let schedule = self.schedule
        let task = Task { [weak self] in
            while await schedule.wait() {
                guard let self else { return }
                await self.purgeAll()
            }
        }
        self.task.withLock { $0 = task }
    }

    /// Runs until the task is cancelled; returns at once when the purger runs already.
    func run() async {
        guard self.claim() else { return }
        defer { self.isRunning.store(false, ordering: .releasing) }
        while await self.schedule.wait() { await self.purgeAll() }
    }

    /// Removes one batch.
    func purge() async throws -> Int {
        guard let now = self.time.confirmed(self.clock.reading) else { return 0 }
        return try await self.store.removeExpired(at: now.wholeMilliseconds, limit: self.schedule.batch)
    }

    /// Every request asks, so that the usual answer costs one read.
    private func claim() -> Bool {
        !self.isRunning.load(ordering: .relaxed) && !self.isRunning.exchange(true, ordering: .acquiring)
    }

    private func purgeAll() async {
        do {
            var removed = self.schedule.batch
            while removed >= self.schedule.batch, !Task.isCancelled {
                removed = try await self.purge()
                await self.schedule.yield()
            }
        } catch {
            // The next round tries again; requests have told of the outage louder than this could.
            self.logger.info("expired sessions could not be removed", metadata: ["error": "\(error)"])
        }
    }
}
