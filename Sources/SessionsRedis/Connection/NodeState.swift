// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

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
    var failure: RedisStoreError?
    var backoff = NodeState.newBackoff
    var nextAttempt = ContinuousClock.now
    var isClosed = false

    /// They take turns.
    mutating func nextConnection() -> RedisConnection? {
        guard !self.order.isEmpty else { return nil }
        self.turn = (self.turn + 1) % self.order.count
        return self.connections[self.order[self.turn]]
    }

    static var newBackoff: Backoff { Backoff(first: .milliseconds(20), limit: .seconds(1)) }
}
