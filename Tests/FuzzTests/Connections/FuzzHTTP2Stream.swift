// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore

/// An answer that the client of an HTTP/2 stream has to get: its fields, and a body of one letter.
struct FuzzHTTP2Answer {
    var fields: [String: String]
    /// How many bytes of a body are sent.
    var size = 0
    /// Whether they are fewer than it announces, so that the stream must not end as if it were whole.
    var isShort = false

    /// The statuses with which the server refuses what it gives to no application: an expectation that it does not know,
    /// a head that is too large, and CONNECT.
    private static let refusals = ["417", "431", "501"]

    static func refusal(_ status: String?) -> FuzzHTTP2Answer? {
        guard let status, Self.refusals.contains(status) else { return nil }
        return FuzzHTTP2Answer(fields: [":status": status, "content-length": "0"])
    }
}

/// What the client of an HTTP/2 stream has been sent.
struct FuzzHTTP2Stream {
    let id: Int
    private(set) var isReset = false
    private var isEnded = false
    private var hasContinue = false
    private var answer: FuzzHTTP2Answer?
    private var received = 0

    init(_ id: Int) {
        self.id = id
    }

    /// Whether it has got the head of an answer, or knows that none comes.
    var isAnswered: Bool { self.answer != nil || self.isReset }

    /// The letter of which the body of a stream's answer is made, another one than those of its neighbours.
    static func letter(_ id: Int) -> UInt8 { UInt8(0x61 + id / 2 % 26) }

    mutating func reset() {
        self.isReset = true
    }

    mutating func take(head fields: [String: String], isEnd: Bool, from application: FuzzHTTP2Application) throws {
        try require(!self.isEnded && !self.isReset, "a head follows the end of stream \(self.id)")
        try require(self.answer == nil, "stream \(self.id) has two answers")
        if fields[":status"] == "100" {
            try require(!self.hasContinue && !isEnd && fields.count == 1, "100 comes twice, or with something else")
            try require(application.awaitsContinue && application.wantsBody, "100 comes, and nobody has asked for it")
            self.hasContinue = true
            return
        }
        let answer = application.hasRequest ? application.answer : FuzzHTTP2Answer.refusal(fields[":status"])
        guard let answer else { throw Violation(description: "\(fields) come, and no such answer was given") }
        try require(fields == answer.fields, "\(fields) come, and not \(answer.fields)")
        self.answer = answer
        if isEnd { try self.end() }
    }

    mutating func take(_ body: ByteBuffer, isEnd: Bool) throws {
        try require(!self.isEnded && !self.isReset, "a body follows the end of stream \(self.id)")
        guard let answer = self.answer else { throw Violation(description: "a body comes before its head") }
        self.received += body.readableBytes
        try require(self.received <= answer.size, "a body is longer than its answer's")
        let expected = ByteBuffer(repeating: Self.letter(self.id), count: body.readableBytes)
        try require(body == expected, "a body is another stream's")
        if isEnd { try self.end() }
    }

    private mutating func end() throws {
        self.isEnded = true
        guard let answer = self.answer else { return }
        try require(self.received == answer.size && !answer.isShort, "a body that is cut off seems to be whole")
    }
}
