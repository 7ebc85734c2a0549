// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// What a connection is doing, since when, and how long it may go on so.
struct ConnectionState {
    enum Stage: Hashable {
        /// Nothing of a request is there.
        case waiting
        /// A part of a head is there.
        case head
        /// A request is being read, answered, or both.
        case exchange
        /// The last answer is on its way, and what comes is dropped.
        case closing
    }

    /// What is to be done when a time is up.
    enum Expiry: Hashable {
        case close
        /// The head is late: it is answered, and the connection closed.
        case refuseHead
        /// The body is late: the handler that reads it gets an error.
        case failBody
    }

    private(set) var stage = Stage.waiting
    private let limits: ServerLimits
    private var since: NIODeadline
    private var isFirst = true
    private var body: BodyClock?
    private var stalledSince: NIODeadline?
    private var isFlushed = false
    private var isToMakeRoom = false

    /// How long a closing connection takes in what the client had sent already. Closed at once, its end of the
    /// connection would be reset, and the last answer might be lost with it (RFC 9112, section 9.6).
    static let linger = TimeAmount.seconds(2)

    /// How long a connection without a request is kept although its room is needed. A client that has just connected,
    /// or has just got an answer, may have sent a request already, and a closed connection would lose it.
    static let graceForRoom = TimeAmount.milliseconds(500)

    init(limits: ServerLimits, now: NIODeadline) {
        self.limits = limits
        self.since = now
    }

    // MARK: - What happens

    mutating func bytesArrived(now: NIODeadline) {
        if self.stage == .waiting { self.enter(.head, now: now) }
    }

    mutating func requestBegan(now: NIODeadline) {
        guard self.stage != .closing else { return }
        self.enter(.exchange, now: now)
        self.isFirst = false
        self.body = BodyClock()
    }

    mutating func bodyIsWanted(now: NIODeadline) {
        self.body?.wait(now: now)
    }

    mutating func bodyArrived(_ count: Int, now: NIODeadline) {
        self.body?.receive(count, now: now)
    }

    /// The room is needed for other clients.
    mutating func roomIsNeeded() {
        self.isToMakeRoom = self.stage == .waiting
    }

    /// The body is complete, or has failed.
    mutating func bodyEnded() {
        self.body = nil
    }

    /// The request has been read and answered.
    mutating func exchangeEnded(now: NIODeadline) {
        guard self.stage != .closing else { return }
        self.enter(.waiting, now: now)
    }

    mutating func writabilityChanged(_ isWritable: Bool, now: NIODeadline) {
        self.stalledSince = isWritable ? nil : self.stalledSince ?? now
    }

    mutating func closingBegan(now: NIODeadline) {
        guard self.stage != .closing else { return }
        self.enter(.closing, now: now)
        self.body = nil
    }

    /// All that was to be sent has been.
    mutating func closingFlushed(now: NIODeadline) {
        self.isFlushed = true
        self.since = now
    }

    private mutating func enter(_ stage: Stage, now: NIODeadline) {
        self.stage = stage
        self.since = now
        self.isToMakeRoom = false
    }

    // MARK: - What follows

    /// When the next time is up, and what is to be done then; nil for never.
    var deadline: (at: NIODeadline, expiry: Expiry)? {
        switch self.stage {
        case .waiting: self.waitingDeadline
        case .head: Self.deadline(self.since, self.limits.headTimeout, .refuseHead)
        case .exchange: self.exchangeDeadline
        case .closing:
            self.isFlushed
                ? (self.since + Self.linger, .close) : Self.deadline(self.since, self.limits.writeTimeout, .close)
        }
    }

    private var waitingDeadline: (at: NIODeadline, expiry: Expiry)? {
        let timeout = self.isFirst ? self.limits.headTimeout : self.limits.keepAliveTimeout
        let regular = Self.deadline(self.since, timeout, .close)
        guard self.isToMakeRoom else { return regular }
        return (min(self.since + Self.graceForRoom, regular?.at ?? .distantFuture), .close)
    }

    private var exchangeDeadline: (at: NIODeadline, expiry: Expiry)? {
        let late = self.limits.bodyTimeout.flatMap { timeout in
            self.body?.deadline(timeout: TimeAmount(timeout), rate: self.limits.minimumBodyRate)
        }
        let stalled = self.stalledSince.flatMap { Self.deadline($0, self.limits.writeTimeout, .close) }
        guard let late, late < stalled?.at ?? .distantFuture else { return stalled }
        return (late, .failBody)
    }

    private static func deadline(
        _ since: NIODeadline, _ timeout: Duration?, _ expiry: Expiry
    ) -> (at: NIODeadline, expiry: Expiry)? {
        timeout.map { (since + TimeAmount($0), expiry) }
    }
}
