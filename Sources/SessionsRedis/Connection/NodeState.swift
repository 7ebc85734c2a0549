// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// What a ``RedisNode`` keeps behind its lock.
struct NodeState {
    var connections: [UInt64: RedisConnection] = [:]
    /// Their order, for taking turns.
    var order: [UInt64] = []
    var turn = 0
    var nextID: UInt64 = 0
    var isOpening = false
    /// Requests that wait for the connection that is being opened.
    var waiting: [UInt64: RedisRequest] = [:]
    /// What the last tries to connect have come to, while there is no connection.
    var outage: CircuitBreaker<RedisStoreError>
    /// What the server says to commands that read, and to commands that write, over connections that work.
    var reading: CircuitBreaker<RedisStoreError>
    var writing: CircuitBreaker<RedisStoreError>
    var failure: RedisStoreError?
    var backoff = NodeState.newBackoff
    var nextAttempt = ContinuousClock.now
    var nextDoubt = ContinuousClock.now
    var isClosed = false

    init(patience: Duration) {
        self.outage = CircuitBreaker(patience: patience)
        self.reading = CircuitBreaker(patience: patience)
        self.writing = CircuitBreaker(patience: patience)
    }

    /// They take turns.
    mutating func nextConnection() -> RedisConnection? {
        guard !self.order.isEmpty else { return nil }
        self.turn = (self.turn + 1) % self.order.count
        return self.connections[self.order[self.turn]]
    }

    /// The limit says how soon after its return a server is found again.
    static var newBackoff: Backoff { Backoff(first: .milliseconds(20), limit: .milliseconds(500)) }
}
