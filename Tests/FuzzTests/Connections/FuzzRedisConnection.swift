// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOEmbedded

@testable import SessionsRedis

/// A connection to a Redis server without a network, whose server, callers and time do what an input says.
final class FuzzRedisConnection: FuzzConnection {
    private let channel = EmbeddedChannel()
    private let handler: RedisChannelHandler
    private var line: FuzzRedisLine
    private var requests: [(request: RedisRequest, ends: FuzzCount)] = []
    /// What the server has got, and what it must have got.
    private var written: [UInt8] = []
    private var expected: [UInt8] = []
    private var violation: String?

    init() throws {
        guard let parser = ReplyParser(limit: FuzzRedisLine.limit), let line = FuzzRedisLine() else {
            throw Violation(description: "there is no memory for a parser")
        }
        self.line = line
        self.handler = RedisChannelHandler(
            parser: parser, timeout: .milliseconds(Int64(FuzzRedisLine.timeout)),
            firstTimeout: .milliseconds(Int64(FuzzRedisLine.firstTimeout)))
        try self.channel.pipeline.syncOperations.addHandler(self.handler)
        try self.channel.connect(to: SocketAddress(unixDomainSocketPath: "/redis")).wait()
    }

    func step(_ script: inout FuzzScript) {
        switch script.number() % 12 {
        case 0...2: self.receive(script.bytes())
        case 3: self.receive(Array("+PONG\r\n".utf8))
        case 4...6: self.send(script.number() % 3 + 1)
        case 7: self.pass(script.number() * 20)
        case 8: self.giveUp(script.number())
        case 9: self.drain()
        case 10: self.breakDown()
        default: self.hangUp()
        }
        self.goOn()
    }

    func end() throws {
        self.pass(FuzzRedisLine.firstTimeout)
        self.hangUp()
        self.goOn()
        _ = try? self.channel.finish(acceptAlreadyClosed: true)
        if let violation = self.violation { throw Violation(description: violation) }
        try require(self.written == self.expected, "the server gets other commands than were taken")
        for (number, (request, ends)) in self.requests.enumerated() {
            try require(ends.value == 1, "a request ends \(ends.value) times")
            try require(
                FuzzRedisOutcome.of(request.replies) == self.line.outcomes[number], "a request ends in another way")
        }
    }

    // MARK: - The server

    private func receive(_ bytes: [UInt8]) {
        _ = try? self.channel.writeInbound(ByteBuffer(bytes: bytes))
        self.line.receives(bytes)
    }

    private func breakDown() {
        self.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "reset"))
        self.line.close(.connectionLost)
    }

    private func hangUp() {
        self.channel.close(promise: nil)
        self.line.close(.connectionLost)
    }

    // MARK: - The callers

    private func send(_ count: Int) {
        let ends = FuzzCount()
        let text = "\(self.requests.count)"
        let commands = [RedisCommand](repeating: RedisCommand("ECHO", [Array(text.utf8)]), count: count)
        guard let request = try? RedisRequest(commands, onEnd: { ends.add() }) else {
            self.violation = "commands have no bytes"
            return
        }
        self.requests.append((request, ends))
        if self.line.sends(count) {
            let command = "*2\r\n$4\r\nECHO\r\n$\(text.utf8.count)\r\n\(text)\r\n"
            for _ in 0..<count { self.expected += command.utf8 }
        }
        self.handler.send(request)
    }

    private func giveUp(_ number: Int) {
        guard !self.requests.isEmpty else { return }
        let number = number % self.requests.count
        self.requests[number].request.replies.tell(.failure(CancellationError()))
        self.line.givesUp(number)
    }

    private func drain() {
        self.handler.drain()
        self.line.drain()
    }

    // MARK: - Time

    private func pass(_ milliseconds: Int) {
        self.channel.embeddedEventLoop.advanceTime(by: .milliseconds(Int64(milliseconds)))
        self.line.time += milliseconds
        self.settle()
    }

    private func goOn() {
        self.channel.embeddedEventLoop.run()
        self.settle()
        while let bytes = try? self.channel.readOutbound(as: ByteBuffer.self) {
            self.written += bytes.readableBytesView
        }
    }

    private func settle() {
        if self.line.isLate { self.line.close(.timedOut) }
        if self.channel.isActive != self.line.isOpen {
            self.violation = self.line.isOpen ? "a connection ends without a reason" : "a connection goes on in doubt"
        }
    }
}
