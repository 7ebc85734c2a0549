// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// What a connection is doing, since when, and how long it may go on.
struct ConnectionState {
    enum Stage: Hashable {
        /// No byte of a request has arrived.
        case waiting
        /// A part of a head has arrived.
        case head
        /// A request is being read, answered, or both.
        case exchange
        /// The last answer is being sent, and incoming bytes are dropped.
        case closing
    }

    /// What to do at a deadline.
    enum Expiry: Hashable {
        case close
        /// The head is late: the server answers 408 and closes the connection.
        case refuseHead
        /// The body is late: the handler that reads it gets an error.
        case failBody
    }

    private(set) var stage = Stage.waiting
    private let times: ConnectionTimes
    private var since: NIODeadline
    private var isFirst = true
    private var body: BodyClock?
    private var stalledSince: NIODeadline?
    private var isFlushed = false
    private var isToMakeRoom = false
    /// How many bytes of the body are to come; nil without one, and where that is not known.
    private(set) var bodyRest: Int?
    /// Whether the body is late or malformed. No byte behind it has a meaning.
    private(set) var hasFailed = false

    init(limits: ServerLimits, now: NIODeadline) {
        self.times = ConnectionTimes(limits)
        self.since = now
    }

    // MARK: - Events

    /// Bytes go to the decoder: what came while a request was answered does so afterwards.
    mutating func bytesArrived(now: NIODeadline) {
        if self.stage == .waiting { self.enter(.head, now: now) }
    }

    /// - Parameter bodyLength: The announced length of the body; nil for one in chunks.
    mutating func requestBegan(bodyLength: Int?, now: NIODeadline) {
        guard self.stage != .closing else { return }
        self.enter(.exchange, now: now)
        self.isFirst = false
        self.body = BodyClock()
        self.bodyRest = bodyLength == 0 ? nil : bodyLength
    }

    mutating func bodyIsWanted(now: NIODeadline) {
        self.body?.wait(now: now)
    }

    mutating func bodyArrived(_ count: Int, now: NIODeadline) {
        self.body?.receive(count, now: now)
        if let rest = self.bodyRest { self.bodyRest = rest > count ? rest - count : nil }
    }

    /// The room is needed for other clients.
    mutating func roomIsNeeded() {
        self.isToMakeRoom = self.stage == .waiting
    }

    mutating func bodyEnded() {
        self.body = nil
    }

    mutating func bodyFailed() {
        self.bodyEnded()
        self.hasFailed = true
    }

    /// The request has been read and answered.
    mutating func exchangeEnded(now: NIODeadline) {
        guard self.stage != .closing else { return }
        self.enter(.waiting, now: now)
    }

    mutating func writabilityChanged(_ isWritable: Bool, now: NIODeadline) {
        // Until then the client was busy with the answer before: it could not send the next request.
        if isWritable, self.stalledSince != nil, self.stage == .waiting { self.since = now }
        self.stalledSince = isWritable ? nil : self.stalledSince ?? now
    }

    /// Some of what waits for the client has been sent.
    mutating func sendingProgressed(now: NIODeadline) {
        if self.stalledSince != nil { self.stalledSince = now }
        if self.stage == .closing, !self.isFlushed { self.since = now }
    }

    mutating func closingBegan(now: NIODeadline) {
        guard self.stage != .closing else { return }
        self.enter(.closing, now: now)
        self.body = nil
    }

    /// Everything has been sent.
    mutating func closingFlushed(now: NIODeadline) {
        self.isFlushed = true
        self.since = now
    }

    private mutating func enter(_ stage: Stage, now: NIODeadline) {
        self.stage = stage
        self.since = now
        self.isToMakeRoom = false
    }

    /// Whether more waits for the client than the network takes.
    var isSending: Bool { self.stalledSince != nil || (self.stage == .closing && !self.isFlushed) }

    /// Whether a request has been read to its end and is not answered yet.
    var isBeingAnswered: Bool { self.stage == .exchange && self.body == nil }

    /// Whether a request, or more of one, may still be read.
    var isListening: Bool { self.stage != .closing && !self.hasFailed }

    // MARK: - Deadlines

    /// The next deadline, and what to do then; nil for none.
    var deadline: (at: NIODeadline, expiry: Expiry)? {
        switch self.stage {
        case .waiting: self.waitingDeadline
        case .head: Self.deadline(self.since, self.times.head, .refuseHead)
        case .exchange: self.exchangeDeadline
        case .closing:
            self.isFlushed
                ? (self.since + ConnectionTimes.linger, .close) : Self.deadline(self.since, self.times.write, .close)
        }
    }

    private var waitingDeadline: (at: NIODeadline, expiry: Expiry)? {
        // The answer is written and not yet sent: a client that reads it slowly is not idle.
        if let since = self.stalledSince { return Self.deadline(since, self.times.write, .close) }
        let timeout = self.isFirst ? self.times.head : self.times.keepAlive
        let regular = Self.deadline(self.since, timeout, .close)
        guard self.isToMakeRoom else { return regular }
        return (min(self.since + ConnectionTimes.graceForRoom, regular?.at ?? .distantFuture), .close)
    }

    private var exchangeDeadline: (at: NIODeadline, expiry: Expiry)? {
        let late = self.times.body.flatMap { timeout in
            self.body?.deadline(timeout: timeout, rate: self.times.minimumBodyRate)
        }
        let stalled = self.stalledSince.flatMap { Self.deadline($0, self.times.write, .close) }
        guard let late, late < stalled?.at ?? .distantFuture else { return stalled }
        return (late, .failBody)
    }

    private static func deadline(
        _ since: NIODeadline, _ timeout: TimeAmount?, _ expiry: Expiry
    ) -> (at: NIODeadline, expiry: Expiry)? {
        timeout.map { (since + $0, expiry) }
    }
}
