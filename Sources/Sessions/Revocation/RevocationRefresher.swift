// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Synchronization

/// Reads the revocations of other processes, again and again, so that no request waits for it.
///
/// It is for a list that processes share. It starts by itself with the first request and ends with its manager.
final class RevocationRefresher: Sendable {
    private let list: RevocationList
    private let clock: SessionClock
    private let logger: Logger
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(list: RevocationList, clock: SessionClock, logger: Logger) {
        self.list = list
        self.clock = clock
        self.logger = logger
        list.begin(clock)
    }

    deinit {
        // Outside of the lock: cancellation runs the handlers of a store.
        let task = self.task.withLock { $0 }
        task?.cancel()
    }

    /// Says how long a revocation may be unknown to other processes.
    func announce() {
        self.logger.notice(
            "sessions that end are ended in every process within the staleness of revocations",
            metadata: ["session.staleness": "\(self.list.staleness)"])
    }

    func start() {
        self.task.withLock { task in
            guard task == nil else { return }
            // Held weakly between the rounds, so that dropping the manager ends the task.
            let list = self.list
            task = Task { [weak self] in
                while await list.wait() {
                    guard let self else { return }
                    await self.round()
                }
            }
        }
    }

    private func round() async {
        do {
            try await self.list.round(self.clock)
        } catch {
            // The next round tries again; requests tell of an outage that lasts.
            self.logger.info("revocations could not be exchanged", metadata: ["error": "\(error)"])
        }
    }
}
