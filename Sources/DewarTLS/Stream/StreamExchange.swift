// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import HTTPTypes

/// The request of a stream and its answer, and how far both have got.
struct StreamExchange {
    /// Whether the request is HEAD, whose answer has no body.
    let isForHEAD: Bool
    let expectation: Expectation
    /// Whether the client holds its body back until the server answers 100.
    private var awaitsContinue: Bool
    private(set) var isRequestEnded = false
    private var isAnswerBegun = false
    private(set) var isAnswerEnded = false
    /// Whether the rest of the request is dropped: its body is late, or it gets no handler.
    private(set) var hasFailed = false

    init(_ head: HTTPRequest) {
        self.isForHEAD = head.method == .head
        self.expectation = Expectation(head.headerFields[values: .expect])
        self.awaitsContinue = self.expectation.awaitsContinue
    }

    /// Whether the server's next read is for the body.
    var isReadingBody: Bool { self.takesBody && !self.isRequestEnded && !self.awaitsContinue }

    /// Whether the application still gets what comes of the request.
    var takesBody: Bool { !self.hasFailed && !self.isAnswerEnded }

    mutating func bodyArrived() {
        self.awaitsContinue = false
    }

    mutating func requestEnded() {
        self.isRequestEnded = true
        self.awaitsContinue = false
    }

    mutating func failed() {
        self.hasFailed = true
    }

    /// The application wants the body. True when the client must be told to send it.
    mutating func bodyIsWanted() -> Bool {
        defer { self.awaitsContinue = false }
        return self.awaitsContinue && !self.isAnswerBegun
    }

    mutating func answerBegan() {
        self.isAnswerBegun = true
    }

    mutating func answerEnded() {
        self.isAnswerEnded = true
    }
}
