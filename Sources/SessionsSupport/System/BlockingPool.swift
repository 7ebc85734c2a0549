// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DequeModule
import Dispatch
import Synchronization

/// Threads for calls that block, so that Swift's few concurrency threads never wait for a disk.
///
/// At most `width` calls run at once. The others wait in a queue that holds no thread, and are taken in order.
///
/// Each place is a serial dispatch queue. A concurrent queue would do harm on Linux: it shares its threads, one per
/// core, with Swift's concurrency, and four blocking calls stop every task of the process for seconds (tried with Swift
/// 6.3).
package final class BlockingPool: Sendable {
    private typealias Job = @Sendable () -> Void

    private struct State {
        var free: [DispatchQueue]
        var waiting = Deque<Job>()
    }

    private let state: Mutex<State>

    /// A pool that runs at most `width` calls at once, and at least one.
    package init(width: Int, label: String) {
        self.state = Mutex(State(free: (0..<max(width, 1)).map { _ in DispatchQueue(label: label) }))
    }

    /// Runs a call and gives its answer. A cancelled task still waits for the answer, because half a write is of no
    /// use.
    package func run<Value: Sendable>(_ call: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.submit { continuation.resume(with: Result(catching: call)) }
        }
    }

    private func submit(_ job: @escaping Job) {
        let place = self.state.withLock { state in
            let place = state.free.popLast()
            if place == nil { state.waiting.append(job) }
            return place
        }
        if let place { place.async { self.work(job, at: place) } }
    }

    /// Keeps its place until no call waits.
    private func work(_ first: Job, at place: DispatchQueue) {
        first()
        while let job = self.next(at: place) { job() }
    }

    private func next(at place: DispatchQueue) -> Job? {
        self.state.withLock { state in
            if let job = state.waiting.popFirst() { return job }
            state.free.append(place)
            return nil
        }
    }
}
