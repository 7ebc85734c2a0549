// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging
import Synchronization

/// The work that an application does behind its requests: what runs, and what must end before the server does.
final class BackgroundWork: Sendable {
    typealias Work = @Sendable () async throws -> Void

    private struct State {
        var limit = ServerLimits().maximumBackgroundWork
        /// Work that has been accepted, begun or not.
        var count = 0
        var tasks: [Int: (task: Task<Void, Never>, place: SourcePlace)] = [:]
        var nextNumber = 0
        var hasStopped = false
        var isCancelled = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let logger: Logger
    private let state = Mutex(State())

    init(logger: Logger) {
        self.logger = logger
    }

    /// A server starts: work is accepted up to the limit.
    func begin(limit: Int) {
        self.state.withLock { state in
            (state.limit, state.hasStopped, state.isCancelled) = (limit, false, false)
        }
    }

    /// Makes room for one more, or says why there is none.
    func reserve() throws(AppError) {
        let refusal = self.state.withLock { state -> AppError? in
            // Work that gives itself anew would keep the server from ever stopping.
            guard !state.hasStopped, !state.isCancelled else {
                return AppError(.tooMuchBackgroundWork, "The server has stopped, and begins no more background work.")
            }
            guard state.count < state.limit else {
                return AppError(
                    .tooMuchBackgroundWork,
                    "There is as much background work as serverLimits.maximumBackgroundWork allows: \(state.limit).")
            }
            state.count += 1
            return nil
        }
        if let refusal { throw refusal }
    }

    /// Begins work for which there is room. An error that it throws is logged.
    func start(_ work: @escaping Work, place: SourcePlace, logger: Logger?) {
        let logger = logger ?? self.logger
        let (task, isCancelled) = self.state.withLock { state in
            let number = state.nextNumber
            state.nextNumber += 1
            let task = Task {
                do {
                    try await work()
                } catch {
                    logger.error("background work failed", metadata: ["work": "\(place)", "error": "\(error)"])
                }
                self.ended(number)
            }
            state.tasks[number] = (task, place)
            return (task, state.isCancelled)
        }
        guard isCancelled else { return }
        // The server's time to stop is up: what comes now gets no time of its own. Outside of the lock, because the work's
        // own code may run here.
        self.logCancellation(of: place)
        task.cancel()
    }

    /// Returns when nothing is left to do. When the task that waits is cancelled, all work is.
    func drain() async {
        await withTaskCancellationHandler {
            await self.untilIdle()
        } onCancel: {
            self.cancel()
        }
    }

    /// Returns when nothing is left to do.
    func untilIdle() async {
        await withCheckedContinuation { continuation in
            let isIdle = self.state.withLock { state in
                if state.count > 0 { state.waiters.append(continuation) }
                return state.count == 0
            }
            if isIdle { continuation.resume() }
        }
    }

    /// The server has stopped: work that comes later could be lost with the process.
    func stop() {
        self.state.withLock { $0.hasStopped = true }
    }

    private func cancel() {
        let left = self.state.withLock { state in
            state.isCancelled = true
            return state.tasks.sorted { $0.key < $1.key }.map(\.value)
        }
        for (task, place) in left {
            self.logCancellation(of: place)
            task.cancel()
        }
    }

    private func logCancellation(of place: SourcePlace) {
        self.logger.error(
            "background work was cancelled: it had not ended when the time for the shutdown was up",
            metadata: ["work": "\(place)"])
    }

    private func ended(_ number: Int) {
        let waiters = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.tasks[number] = nil
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
