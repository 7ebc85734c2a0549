// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

@testable import SessionsRedis

/// What must become of the requests on a connection to a Redis server: a second reading of the rules in
/// ``RedisChannelHandler``, but for the parser, which `redis-replies` is about.
struct FuzzRedisLine {
    /// The largest reply, in bytes.
    static let limit = 512
    /// The milliseconds that a reply may take, and the first one.
    static let timeout = 2000
    static let firstTimeout = 5000

    private struct Waiting {
        let number: Int
        let count: Int
        let since: Int
        let limit: Int
    }

    /// Milliseconds since the beginning.
    var time = 0
    private(set) var isOpen = true
    /// How each request has ended; nil for one that waits.
    private(set) var outcomes: [FuzzRedisOutcome?] = []
    private let parser: ReplyParser
    private var isDraining = false
    /// All that the server was sent, of which those before ``first`` have been answered.
    private var waiting: [Waiting] = []
    private var first = 0
    /// The replies to the first one.
    private var replies: [RedisReply] = []

    init?() {
        guard let parser = ReplyParser(limit: Self.limit) else { return nil }
        self.parser = parser
    }

    /// Whether the first request has waited for too long, so that the connection must end.
    var isLate: Bool { self.next.map { self.time - $0.since >= $0.limit } ?? false }

    private var next: Waiting? { self.first < self.waiting.count ? self.waiting[self.first] : nil }

    /// - Returns: Whether the connection takes the request.
    mutating func sends(_ count: Int) -> Bool {
        let isTaken = self.isOpen && !self.isDraining
        if isTaken {
            let limit = self.waiting.isEmpty ? Self.firstTimeout : Self.timeout
            self.waiting.append(
                Waiting(number: self.outcomes.count, count: count, since: self.time, limit: limit))
        }
        self.outcomes.append(isTaken ? nil : .notSent)
        return isTaken
    }

    /// The caller waits no longer, but the request keeps its place.
    mutating func givesUp(_ number: Int) { self.end(number, .gaveUp) }

    mutating func drain() {
        self.isDraining = true
        if self.next == nil { self.close(.connectionLost) }
    }

    mutating func receives(_ bytes: [UInt8]) {
        guard self.isOpen else { return }
        do {
            try self.parser.feed(ByteBuffer(bytes: bytes))
            while self.isOpen, let reply = try self.parser.next() { self.accept(reply) }
        } catch {
            self.close(.failed)
        }
    }

    private mutating func accept(_ reply: RedisReply) {
        guard let next = self.next else { return self.close(.failed) }
        self.replies.append(reply)
        guard self.replies.count == next.count else { return }
        self.end(next.number, .replies(self.replies))
        self.replies = []
        self.first += 1
        if self.isDraining, self.next == nil { self.close(.connectionLost) }
    }

    /// The connection ends, and nobody learns whether the server has done what was sent.
    mutating func close(_ kind: RedisStoreError.Kind) {
        guard self.isOpen else { return }
        self.isOpen = false
        for waiting in self.waiting[self.first...] { self.end(waiting.number, .lost(kind)) }
        self.first = self.waiting.count
    }

    private mutating func end(_ number: Int, _ outcome: FuzzRedisOutcome) {
        if self.outcomes[number] == nil { self.outcomes[number] = outcome }
    }
}
