// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOHTTP1

/// What a connection of HTTP/1 has to send, one answer after the other, and what it has sent.
struct FuzzHTTP1Transcript {
    private enum Expected {
        case interim
        case answer(FuzzHTTP1Answer, isForHEAD: Bool)
    }

    /// The statuses with which the server refuses what it gives to no application: a head that is late, malformed, too
    /// large, of another version, or that expects what the server does not know.
    private static let refusals = [400, 408, 417, 431, 505]

    /// All bytes that the server has written.
    var written: [UInt8] = []
    /// How many answers the application has given.
    private(set) var count = 0
    private var expected: [Expected] = []
    /// Whether the connection ends with the last answer that is expected, so that nothing follows it.
    private var isOver = false
    private var violation: String?

    mutating func fail(_ violation: String) {
        self.violation = self.violation ?? violation
    }

    /// The client has to be told to send the body.
    mutating func asksForBody() {
        self.expected.append(.interim)
    }

    /// The application answers: whatever else has come meanwhile, the client has to get that answer to that request.
    mutating func answers(_ request: FuzzHTTP1Request, with answer: FuzzGivenAnswer, isStopping: Bool) {
        if self.isOver { self.fail("a request comes behind the last one of its connection") }
        self.count += 1
        let isLast = isStopping || answer.closes || request.isLast(answeredWithLength: answer.length != nil)
        let isEmpty = request.isForHEAD || FuzzHTTP1Answer.isEmpty(answer.status.code)
        let body = isEmpty ? [] : Array(FuzzGivenAnswer.body(self.count).prefix(answer.length ?? .max))
        let isShort = !isEmpty && body.count < answer.length ?? 0
        self.isOver = isLast || isShort
        // One that is too short is dropped. If the connection ends anyway, the client sees by that where it is cut off.
        if isShort, !isLast { return }
        let whole = FuzzHTTP1Answer(
            version: request.isOld ? "HTTP/1.0" : "HTTP/1.1", status: answer.status.code,
            fields: Self.fields(of: answer, isOld: request.isOld, isLast: isLast), body: body)
        self.expected.append(.answer(whole, isForHEAD: request.isForHEAD))
    }

    /// The fields that say where the answer ends, and what becomes of the connection.
    private static func fields(of answer: FuzzGivenAnswer, isOld: Bool, isLast: Bool) -> [String: String] {
        var fields: [String: String] = [:]
        if !FuzzHTTP1Answer.isEmpty(answer.status.code) {
            if let length = answer.length {
                fields["content-length"] = "\(length)"
            } else if !isOld {
                fields["transfer-encoding"] = "chunked"
            }
        }
        if isLast {
            fields["connection"] = "close"
        } else if isOld {
            fields["connection"] = "keep-alive"
        }
        return fields
    }

    /// - Parameter next: The request behind those that the application has got, if one was decoded.
    /// - Throws: A ``Violation`` unless the server has written what it had to, and nothing else.
    func check(refused next: HTTPRequestHead?) throws {
        if let violation { throw Violation(description: violation) }
        var reader = FuzzHTTP1Reader(self.written)
        for expected in self.expected {
            switch expected {
            case .interim:
                let answer = try reader.next()
                try require(answer == FuzzHTTP1Answer(status: 100), "\(answer) comes, and not 100")
            case .answer(let whole, let isForHEAD):
                let answer = try reader.next(isForHEAD: isForHEAD)
                try require(answer == whole, "\(answer) comes, and not \(whole)")
            }
        }
        guard !reader.isAtEnd else { return }
        try require(!self.isOver, "bytes follow the last answer of a connection")
        let refusal = try reader.next()
        try require(Self.refusals.contains(refusal.status), "a status that neither the application nor the server has")
        try require(refusal == .refusal(refusal.status), "a refusal is \(refusal)")
        try require(reader.isAtEnd, "bytes follow a refusal")
        try require(
            refusal.status != 417 || next.map(FuzzHTTP1Request.expectsUnknown) == true,
            "a request is refused for an expectation that it has not")
    }
}
