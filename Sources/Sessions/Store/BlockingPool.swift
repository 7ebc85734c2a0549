// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DequeModule
import Dispatch
import Synchronization

/// Threads for calls that block, so that Swift's few concurrency threads never wait for a disk.
///
/// At most `width` calls run at once. The others wait in a queue that holds no thread, and are taken in order.
package final class BlockingPool: Sendable {
    private struct State {
        var running = 0
        var waiting = Deque<@Sendable () -> Void>()
    }

    private let width: Int
    private let threads: DispatchQueue
    private let state = Mutex(State())

    /// A pool that runs so many calls at once, at least one.
    package init(width: Int, label: String) {
        self.width = max(width, 1)
        self.threads = DispatchQueue(label: label, attributes: .concurrent)
    }

    /// Runs a call and gives its answer. A task that is cancelled waits for it all the same: half a write helps nobody.
    package func run<Value: Sendable>(_ call: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.submit { continuation.resume(with: Result(catching: call)) }
        }
    }

    private func submit(_ job: @escaping @Sendable () -> Void) {
        let hasPlace = self.state.withLock { state in
            guard state.running < self.width else {
                state.waiting.append(job)
                return false
            }
            state.running += 1
            return true
        }
        if hasPlace { self.threads.async { self.work(job) } }
    }

    /// A thread that has a place keeps it for as long as there is work.
    private func work(_ first: @Sendable () -> Void) {
        first()
        while let job = self.next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        self.state.withLock { state in
            guard let job = state.waiting.popFirst() else {
                state.running -= 1
                return nil
            }
            return job
        }
    }
}
