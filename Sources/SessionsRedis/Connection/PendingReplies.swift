// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

/// The result that a caller waits for. Only the first one counts: the replies, an error, or the caller's cancellation.
///
/// The request keeps its place in the connection's queue although its task may have been cancelled. Otherwise its
/// replies would go to the next request.
final class PendingReplies: Sendable {
    private enum State {
        case untouched
        case awaited(CheckedContinuation<[RedisReply], any Error>)
        case told(Result<[RedisReply], any Error>)
    }

    private let state = Mutex(State.untouched)

    func tell(_ result: Result<[RedisReply], any Error>) {
        let continuation: CheckedContinuation<[RedisReply], any Error>? = self.state.withLock { state in
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

    /// The replies; `CancellationError` at once when the task is cancelled. Call it once.
    func get() async throws -> [RedisReply] {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { self.wait($0) }
        } onCancel: {
            self.tell(.failure(CancellationError()))
        }
    }

    private func wait(_ continuation: CheckedContinuation<[RedisReply], any Error>) {
        let result: Result<[RedisReply], any Error>? = self.state.withLock { state in
            if case .told(let result) = state { return result }
            state = .awaited(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }
}
