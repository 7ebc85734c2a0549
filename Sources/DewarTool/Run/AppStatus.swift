// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What the app is doing just now, and a way to wait until it does something else.
actor AppStatus {
    enum Phase: Sendable, Equatable {
        /// Requests wait.
        case building
        /// It answers on this port of this machine.
        case running(port: Int)
        /// The compiler found errors.
        case failed(String)
        /// It has ended, with this as its last words.
        case ended(status: Int32, output: String)
    }

    /// A phase with its number: each has a new one.
    struct Moment: Sendable {
        let phase: Phase
        let number: Int
    }

    private(set) var now = Moment(phase: .building, number: 0)
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var nextWaiter = 0

    func enter(_ phase: Phase) {
        guard phase != self.now.phase else { return }
        self.now = Moment(phase: phase, number: self.now.number + 1)
        let waiters = self.waiters.values
        self.waiters = [:]
        for waiter in waiters { waiter.resume() }
    }

    /// Waits for another phase than one.
    ///
    /// - Returns: The phase then; after a cancellation it may be the same.
    func phase(after number: Int) async -> Moment {
        guard self.now.number == number else { return self.now }
        let waiter = self.nextWaiter
        self.nextWaiter += 1
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation before this finds nothing to wake.
                if Task.isCancelled {
                    continuation.resume()
                } else {
                    self.waiters[waiter] = continuation
                }
            }
        } onCancel: {
            Task { await self.wake(waiter) }
        }
        return self.now
    }

    /// Waits for another phase than one, but no longer than `patience`.
    func phase(after number: Int, within patience: Duration) async -> Moment {
        await withTaskGroup { group in
            group.addTask { await self.phase(after: number) }
            group.addTask {
                try? await Task.sleep(for: patience)
                return await self.now
            }
            defer { group.cancelAll() }
            return await group.next() ?? self.now
        }
    }

    private func wake(_ waiter: Int) {
        self.waiters.removeValue(forKey: waiter)?.resume()
    }
}
