// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DequeModule
import Sessions

/// The state of a ``ConnectionPool``, guarded by its lock: the lanes and the waiting calls.
struct PoolState {
    /// Lanes with a free connection. The last one freed is taken first, so that few stay in use.
    var idle: [Lane] = []
    /// Lanes without a connection.
    var empty: [Lane]
    /// How many lanes have a connection that is in use.
    var working = 0
    /// How many lanes open a connection.
    var opening = 0
    /// In the order of their deadlines.
    private(set) var waiting = Deque<PoolCall>()

    /// Tracks failures to connect, while there is no connection.
    var outage = CircuitBreaker<ConnectionFailure>(patience: .zero)
    /// When the pool may ask the server for another connection; set after the server has refused one.
    private var nextOpening: ContinuousClock.Instant?
    private var backoff = Backoff.reconnecting
    var isTimerSet = false
    var isShutDown = false

    init(lanes: [Lane]) {
        self.empty = lanes
    }

    /// Whether there is a connection, free or in use.
    var isConnected: Bool { self.working > 0 || !self.idle.isEmpty }

    // MARK: - Waiting

    mutating func enqueue(_ call: PoolCall) {
        var place = self.waiting.endIndex
        while place > 0, self.waiting[place - 1].deadline > call.deadline { place -= 1 }
        self.waiting.insert(call, at: place)
    }

    mutating func next() -> PoolCall? { self.waiting.popFirst() }

    /// Takes waiting calls and pairs them with free lanes. A call waits despite a free connection if its own connection
    /// broke, for example.
    mutating func takeServed() -> [(Lane, PoolCall)] {
        var served: [(Lane, PoolCall)] = []
        while !self.idle.isEmpty, let call = self.next() {
            served.append((self.idle.removeLast(), call))
            self.working += 1
        }
        return served
    }

    /// Removes and returns the waiting calls that meet a condition.
    mutating func takeWaiting(where condition: (PoolCall) -> Bool = { _ in true }) -> [PoolCall] {
        let taken = self.waiting.filter(condition)
        self.waiting.removeAll(where: condition)
        return Array(taken)
    }

    /// Extends the deadlines of calls that waited for the first connection, so that they can wait for their turn with
    /// it.
    mutating func extendWaiting(until deadline: ContinuousClock.Instant) {
        for index in self.waiting.indices where self.waiting[index].deadline < deadline {
            if self.waiting[index].history.loss == nil { self.waiting[index].deadline = deadline }
        }
        self.waiting.sort { $0.deadline < $1.deadline }
    }

    // MARK: - Opening

    /// Takes the lanes that must open a connection for waiting calls: one for each call for which none is being opened
    /// yet. After the server has refused a connection it is one at a time, and seldom while the pool has others.
    mutating func takeLanesToOpen(at now: ContinuousClock.Instant) -> [Lane] {
        var lanes: [Lane] = []
        while !self.isShutDown, self.waiting.count > self.opening, self.mayOpen(at: now),
            let lane = self.empty.popLast()
        {
            self.opening += 1
            lanes.append(lane)
        }
        return lanes
    }

    private func mayOpen(at now: ContinuousClock.Instant) -> Bool {
        guard let nextOpening = self.nextOpening else { return true }
        return self.opening == 0 && (now >= nextOpening || !self.isConnected)
    }

    mutating func opened() {
        self.opening -= 1
        self.nextOpening = nil
        self.backoff = .reconnecting
        self.outage.succeeded()
    }

    /// Notes that a lane has given up opening a connection.
    mutating func gaveUp(_ lane: Lane, at now: ContinuousClock.Instant) {
        self.opening -= 1
        // At the front, so that this lane is the last to be tried again.
        self.empty.insert(lane, at: 0)
        self.nextOpening = now + .seconds(1) * Double.random(in: 0.5...1)
    }

    /// How long to wait before the pool tries to connect without a waiting call.
    mutating func nextProbePause() -> Duration { self.backoff.pause() }
}
