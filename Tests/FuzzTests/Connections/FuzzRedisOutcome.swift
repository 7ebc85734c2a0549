// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

@testable import SessionsRedis

/// How a request to a Redis server ends.
enum FuzzRedisOutcome: Equatable, Sendable {
    case replies([RedisReply])
    case lost(RedisStoreError.Kind)
    case notSent
    case gaveUp
    /// In no way that there is.
    case unknown

    /// That of a request; nil if its caller still waits.
    static func of(_ replies: PendingReplies) -> FuzzRedisOutcome? {
        let found = FuzzFound()
        let turn = FuzzTurn()
        Task(executorPreference: turn) {
            let outcome = await Self.awaited(replies)
            found.outcome.withLock { $0 = outcome }
        }
        turn.run()
        return found.outcome.withLock { $0 }
    }

    private static func awaited(_ replies: PendingReplies) async -> FuzzRedisOutcome {
        do {
            return .replies(try await replies.get())
        } catch RedisFailure.lost(let error) {
            return .lost(error.kind)
        } catch RedisFailure.notSent {
            return .notSent
        } catch {
            return error is CancellationError ? .gaveUp : .unknown
        }
    }
}

/// How often something happens.
final class FuzzCount: Sendable {
    private let count = Mutex(0)

    var value: Int { self.count.withLock { $0 } }

    func add() { self.count.withLock { $0 += 1 } }
}

private final class FuzzFound: Sendable {
    let outcome = Mutex<FuzzRedisOutcome?>(nil)
}

/// Runs a task on the thread of the fuzzer, as far as it comes.
private final class FuzzTurn: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        self.jobs.withLock { $0.append(job) }
    }

    func run() {
        while let job = self.jobs.withLock({ $0.popLast() }) {
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
