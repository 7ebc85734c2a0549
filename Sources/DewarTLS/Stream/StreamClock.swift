// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import NIOCore

/// How long a stream may wait for its client: for the body of its request, and for room to send its answer.
struct StreamClock {
    /// What to do at a deadline.
    enum Expiry: Hashable {
        /// The body is late: the handler that reads it gets an error.
        case failBody
        /// The client has opened no window for the answer (RFC 9113, section 5.2).
        case reset
    }

    private let times: ConnectionTimes
    /// Nil without a body that could still come.
    private var body: BodyClock?
    /// The bytes of the answer that have been written and not sent, and since when none of them has been.
    private var unsent = 0
    private var stalledSince: NIODeadline?

    init(_ limits: ServerLimits) {
        self.times = ConnectionTimes(limits)
    }

    // MARK: - Events

    mutating func requestBegan() {
        self.body = BodyClock()
    }

    mutating func bodyIsWanted(now: NIODeadline) {
        self.body?.wait(now: now)
    }

    mutating func bodyArrived(_ count: Int, now: NIODeadline) {
        self.body?.receive(count, now: now)
    }

    /// No more of the body comes, or is waited for.
    mutating func bodyEnded() {
        self.body = nil
    }

    mutating func wrote(_ count: Int, now: NIODeadline) {
        self.unsent += count
        self.stalledSince = self.stalledSince ?? now
    }

    mutating func sent(_ count: Int, now: NIODeadline) {
        self.unsent -= count
        self.stalledSince = self.unsent > 0 ? now : nil
    }

    /// What is unsent waits for other bytes of the connection, which is not this stream's affair.
    mutating func waitedForConnection(now: NIODeadline) {
        if self.stalledSince != nil { self.stalledSince = now }
    }

    // MARK: - Deadlines

    /// The next deadline, and what to do then; nil for none.
    var deadline: (at: NIODeadline, expiry: Expiry)? {
        let late = self.times.body.flatMap { timeout in
            self.body?.deadline(timeout: timeout, rate: self.times.minimumBodyRate)
        }
        let stalled = self.stalledSince.flatMap { since in self.times.write.map { since + $0 } }
        guard let stalled, stalled <= late ?? .distantFuture else { return late.map { ($0, .failBody) } }
        return (stalled, .reset)
    }
}
