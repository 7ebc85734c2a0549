// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import NIOCore
import NIOHTTP2

/// What an HTTP/2 connection is doing, since when, and how long it may go on. ``StreamClock`` has the times of its
/// streams.
struct HTTP2ConnectionState {
    enum Stage: Hashable {
        case open
        /// The client knows that it can open no more streams, and those under way are finished.
        case leaving
        /// There is no stream, and none can come: what has been written is sent, and incoming bytes are dropped.
        case closing
    }

    /// What to do at a deadline.
    enum Expiry: Hashable {
        /// The client is told to open no more streams, and the connection closes behind the last one.
        case leave
        /// The client has read nothing for too long.
        case cut
    }

    private(set) var stage = Stage.open
    private(set) var streams = 0
    private(set) var lastStreamID = HTTP2StreamID.rootStream
    private let times: ConnectionTimes
    /// Since when there is no stream.
    private var since: NIODeadline
    private var isFirst = true
    private var isToMakeRoom = false
    private var readsHeadSince: NIODeadline?
    /// Since when bytes wait for the client, and how many the network had taken by then.
    private var sending: (since: NIODeadline, taken: Int)?

    init(limits: ServerLimits, opened: NIODeadline) {
        self.times = ConnectionTimes(limits)
        self.since = opened
    }

    var isIdle: Bool { self.stage == .open && self.streams == 0 }

    /// Whether the client may still be reading an answer although no stream is left.
    var isReadingAnswer: Bool { self.isIdle && !self.isFirst && !self.isToMakeRoom && self.readsHeadSince == nil }

    // MARK: - Events

    mutating func streamOpened(_ id: HTTP2StreamID) {
        self.streams += 1
        self.lastStreamID = max(self.lastStreamID, id)
        self.isFirst = false
        self.isToMakeRoom = false
    }

    mutating func streamClosed(now: NIODeadline) {
        self.streams -= 1
        self.since = now
    }

    /// The header fields of a request have begun, or ended.
    mutating func readsHead(_ isReading: Bool, now: NIODeadline) {
        self.readsHeadSince = isReading ? now : nil
    }

    /// The room is needed for other clients.
    mutating func roomIsNeeded() {
        self.isToMakeRoom = self.isIdle
    }

    /// The client was not idle: it was still reading the end of an answer.
    mutating func idleTimeBegins(now: NIODeadline) {
        self.since = now
    }

    /// Bytes wait for the client.
    mutating func sends(taken: Int, now: NIODeadline) {
        self.sending = self.sending ?? (since: now, taken: taken)
    }

    /// Whether the client has read something since the clock for it began, which then begins anew.
    mutating func hasProgressed(waiting: Int, taken: Int, now: NIODeadline) -> Bool {
        guard let before = self.sending, waiting > 0 else {
            self.sending = nil
            return true
        }
        guard taken > before.taken else { return false }
        self.sending = (since: now, taken: taken)
        return true
    }

    mutating func leave() {
        if self.stage == .open { self.stage = .leaving }
    }

    mutating func close() {
        self.stage = .closing
    }

    // MARK: - Deadlines

    /// The next deadline, and what to do then; nil for none.
    var deadline: (at: NIODeadline, expiry: Expiry)? {
        let leave = [self.idleDeadline, self.roomDeadline, self.headDeadline].compactMap { $0 }.min()
        let cut = self.sending.flatMap { sending in self.times.write.map { sending.since + $0 } }
        guard let cut, cut < leave ?? .distantFuture else { return leave.map { ($0, .leave) } }
        return (cut, .cut)
    }

    private var idleDeadline: NIODeadline? {
        guard self.isIdle else { return nil }
        return (self.isFirst ? self.times.head : self.times.keepAlive).map { self.since + $0 }
    }

    private var roomDeadline: NIODeadline? {
        self.isIdle && self.isToMakeRoom ? self.since + ConnectionTimes.graceForRoom : nil
    }

    private var headDeadline: NIODeadline? {
        guard self.stage == .open, let since = self.readsHeadSince else { return nil }
        return self.times.head.map { since + $0 }
    }
}
