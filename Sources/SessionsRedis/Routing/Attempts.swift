// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The attempts at one command: what to send next, where, and for how long.
struct Attempts {
    enum Target: Hashable {
        case owner
        case asked(RedisAddress)
    }

    private(set) var command: RedisCommand
    private(set) var target = Target.owner
    /// The slot's new server, if the last reply named one.
    private(set) var moved: Redirection?

    private let deadline: ContinuousClock.Instant
    private var backoff = Backoff(first: .milliseconds(10), limit: .milliseconds(250))
    private var redirections = 0

    /// One `MOVED` and one `ASK` are normal. More redirections mean that the cluster's servers disagree.
    private static let maximumRedirections = 3

    init(_ command: RedisCommand, deadline: ContinuousClock.Instant) {
        self.command = command
        self.deadline = deadline
    }

    /// Interprets an error reply. In each case that goes on, the server has done nothing.
    ///
    /// - Parameter host: The host of the server that answered.
    mutating func take(_ error: RedisServerError, from host: String) throws {
        self.target = .owner
        self.moved = nil
        if error.code == "NOSCRIPT", let command = self.command.withSource {
            self.command = command
        } else if let redirection = Redirection(error, from: host) {
            self.redirections += 1
            if redirection.isForGood { self.moved = redirection } else { self.target = .asked(redirection.address) }
            guard self.redirections <= Self.maximumRedirections else {
                self.redirections = 0
                self.target = .owner
                throw RedisFailure.notSent(
                    RedisStoreError(.unavailable, "The servers of the Redis cluster send each other's clients around."))
            }
        } else if error.isPassing || error.isReadOnly {
            throw RedisFailure.notSent(RedisStoreError(error))
        } else {
            throw RedisStoreError(error)
        }
    }

    /// How long to wait before the next attempt.
    ///
    /// - Throws: The error for the caller when there is no next attempt.
    mutating func pause(after failure: RedisFailure) throws -> Duration {
        self.target = .owner
        switch failure {
        case .lost where !self.command.isRepeatable: throw failure
        case .down(let error): throw error
        case .lost, .notSent: break
        }
        switch failure.error.kind {
        case .closed, .denied, .queueFull, .invalidConfiguration: throw failure.error
        default: break
        }
        let pause = self.backoff.pause()
        guard ContinuousClock.now + pause < self.deadline else { throw failure.error }
        return pause
    }
}
