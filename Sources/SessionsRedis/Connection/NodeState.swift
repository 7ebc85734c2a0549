// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// The state of a ``RedisNode``, guarded by its lock.
struct NodeState {
    var connections: [UInt64: RedisConnection] = [:]
    /// The ids of the connections in order, for round robin.
    var order: [UInt64] = []
    var turn = 0
    /// Connections that take no more requests, and close when those in flight are answered.
    var draining: [UInt64: RedisConnection] = [:]
    var nextID: UInt64 = 0
    var isOpening = false
    /// Requests that wait for the connection that is being opened.
    var waiting: [UInt64: RedisRequest] = [:]
    /// Tracks failures to connect, while there is no connection.
    var outage: CircuitBreaker<RedisStoreError>
    /// Track refused reads and refused writes, over connections that work.
    var reading: CircuitBreaker<RedisStoreError>
    var writing: CircuitBreaker<RedisStoreError>
    var failure: RedisStoreError?
    var backoff = Backoff.reconnecting
    var nextAttempt = ContinuousClock.now
    var nextDoubt = ContinuousClock.now
    var isClosed = false

    init(patience: Duration) {
        self.outage = CircuitBreaker(patience: patience)
        self.reading = CircuitBreaker(patience: patience)
        self.writing = CircuitBreaker(patience: patience)
    }

    /// The next connection, round robin.
    mutating func nextConnection() -> RedisConnection? {
        guard !self.order.isEmpty else { return nil }
        self.turn = (self.turn + 1) % self.order.count
        return self.connections[self.order[self.turn]]
    }
}
