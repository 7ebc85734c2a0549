// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// A request's replies. The request keeps its place in the connection's queue although its task may have been
/// cancelled: otherwise its replies would go to the next request.
typealias PendingReplies = Pending<[RedisReply]>

/// The result that a caller waits for. Only the first one counts: what was waited for, an error, or the caller's
/// cancellation. That ends the waiting alone, and nothing of the work.
final class Pending<Value: Sendable>: Sendable {
    private enum State {
        case untouched
        case awaited(CheckedContinuation<Value, any Error>)
        case told(Result<Value, any Error>)
    }

    private let state = Mutex(State.untouched)

    func tell(_ result: Result<Value, any Error>) {
        let continuation: CheckedContinuation<Value, any Error>? = self.state.withLock { state in
            switch state {
            case .told: return nil
            case .untouched:
                state = .told(result)
                return nil
            case .awaited(let continuation):
                state = .told(result)
                return continuation
            }
        }
        continuation?.resume(with: result)
    }

    /// The result; `CancellationError` at once when the task is cancelled. Call it once.
    func get() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { self.wait($0) }
        } onCancel: {
            self.tell(.failure(CancellationError()))
        }
    }

    private func wait(_ continuation: CheckedContinuation<Value, any Error>) {
        let result: Result<Value, any Error>? = self.state.withLock { state in
            if case .told(let result) = state { return result }
            state = .awaited(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }
}
