// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOHTTP1

/// One request and its answer, and how far both have got.
struct Exchange {
    /// Whether the request is HEAD, whose answer has no body.
    let isForHEAD: Bool
    /// Whether the client speaks HTTP/1.0; the decoder lets no other major version pass.
    let isOld: Bool
    private let isKeepAlive: Bool
    /// The announced length of the body; nil for one in chunks.
    let length: Int?
    private var received = 0
    let expectation: Expectation
    /// Whether the client holds its body back until the server answers 100.
    private(set) var awaitsContinue: Bool
    private(set) var isRequestEnded = false
    private(set) var isAnswerBegun = false
    private(set) var isAnswerEnded = false
    /// Whether the body has failed: it is late or malformed.
    private(set) var hasFailed = false
    /// Whether the connection ends with the answer.
    private(set) var isLast = false

    /// How many unread bytes of a body the server reads and drops to keep the connection. Beyond that, a new connection
    /// is cheaper.
    static let maximumRest = 256 * 1024

    init(_ head: HTTPRequestHead) {
        self.isForHEAD = head.method == .HEAD
        self.isOld = head.version.minor == 0
        // NIO's decoder reads nothing behind a request for another protocol, whatever the answer is.
        let endsDecoding = head.method == .CONNECT || head.headers.contains(name: "upgrade")
        let isChunked = head.headers.contains(name: "transfer-encoding")
        // HTTP/1.0 has no chunks: a proxy in front may see another end of the body, and take what follows for another
        // visitor's request (RFC 9112, section 6.1).
        let isAmbiguous = self.isOld && isChunked
        self.isKeepAlive = head.isKeepAlive && !endsDecoding && !isAmbiguous
        self.length = isChunked ? nil : head.headers.first(name: "content-length").map { Int($0) ?? .max } ?? 0
        // HTTP/1.0 has no such expectation: the client would take the 100 for the answer.
        self.expectation = Expectation(self.isOld ? [] : head.headers["expect"])
        self.awaitsContinue = self.expectation.awaitsContinue
    }

    /// Whether the request has been read, and its answer not been written.
    var isBeingAnswered: Bool { self.isRequestEnded && !self.isAnswerEnded }

    /// Whether the server's next read is for this request's body.
    var isReadingBody: Bool { !self.isRequestEnded && !self.hasFailed && !self.awaitsContinue }

    mutating func bodyArrived(_ count: Int) {
        self.received += count
        self.awaitsContinue = false
    }

    mutating func requestEnded() {
        self.isRequestEnded = true
        self.awaitsContinue = false
    }

    mutating func bodyFailed() {
        self.hasFailed = true
    }

    /// The application wants the body. True when the client must be told to send it.
    mutating func bodyIsWanted() -> Bool {
        defer { self.awaitsContinue = false }
        return self.awaitsContinue && !self.isAnswerBegun
    }

    /// Sets the `Connection` field in an answer's head.
    ///
    /// - Parameter isLast: Whether the server ends the connection: it stops, or has no room for another one.
    mutating func begin(_ answer: inout HTTPFields, isLast: Bool) {
        self.isAnswerBegun = true
        let endsItself = answer.contains(.connection) && Self.closes(answer[values: .connection])
        // An HTTP/1.0 client does not understand chunks: a body without a length ends with the connection.
        let isEndless = self.isOld && !answer.contains(.contentLength)
        self.isLast = isLast || isEndless || !self.isKeepAlive || endsItself || !self.isRestWorthReading
        if self.isLast {
            answer[.connection] = "close"
        } else if self.isOld {
            answer[.connection] = "keep-alive"
        }
    }

    /// Whether `Connection` fields, which are lists, say that the connection ends.
    private static func closes(_ fields: [String]) -> Bool {
        fields.contains { field in
            field.split(whereSeparator: { ", \t".contains($0) }).contains { $0.lowercased() == "close" }
        }
    }

    private var isRestWorthReading: Bool {
        if self.isRequestEnded { return true }
        guard !self.hasFailed, !self.awaitsContinue, let length = self.length else { return false }
        return length - self.received <= Self.maximumRest
    }

    mutating func answerEnded() {
        self.isAnswerEnded = true
        self.isLast = self.isLast || self.hasFailed
    }
}
