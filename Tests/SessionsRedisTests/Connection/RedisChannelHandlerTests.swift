// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import SessionsRedis

/// The line of one connection, without a network.
@Suite struct RedisChannelHandlerTests {
    private let channel = EmbeddedChannel()
    private let handler: RedisChannelHandler

    init() throws {
        let parser = try #require(ReplyParser(limit: 1000))
        self.handler = RedisChannelHandler(parser: parser, timeout: .seconds(2), firstTimeout: .seconds(5))
        try self.channel.pipeline.syncOperations.addHandler(self.handler)
        try self.channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    @Test func repliesGoToThoseWhoWaitInOrder() async throws {
        let requests = try [self.send(), self.send(2), self.send()]
        try self.receive(":1\r\n:2\r\n:3\r\n:4\r\n")
        #expect(try await requests[0].replies.get() == [.integer(1)])
        #expect(try await requests[1].replies.get() == [.integer(2), .integer(3)])
        #expect(try await requests[2].replies.get() == [.integer(4)])
    }

    @Test func whoGivesUpKeepsTheirPlace() async throws {
        let requests = try [self.send(), self.send()]
        requests[0].replies.tell(.failure(CancellationError()))
        try self.receive(":1\r\n:2\r\n")
        #expect(try await requests[1].replies.get() == [.integer(2)])
        await #expect(throws: CancellationError.self) { try await requests[0].replies.get() }
    }

    @Test func requestsOfOneTurnGoOutTogether() throws {
        _ = try [self.send(), self.send()]
        #expect(try self.channel.readOutbound(as: ByteBuffer.self) == nil)
        self.channel.embeddedEventLoop.run()
        #expect(try self.channel.readOutbound(as: ByteBuffer.self) != nil)
        #expect(try self.channel.readOutbound(as: ByteBuffer.self) != nil)
    }

    @Test func aReplyThatDoesNotComeInTimeEndsTheConnection() async throws {
        let first = try self.send()
        self.channel.embeddedEventLoop.advanceTime(by: .seconds(4))
        try self.receive(":1\r\n")
        let requests = try [self.send(), self.send()]
        self.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!self.channel.isActive)
        #expect(try await first.replies.get() == [.integer(1)])
        for request in requests { #expect(await lost(request)?.kind == .timedOut) }
    }

    /// The login may take longer than a command; what comes after it may not.
    @Test(arguments: [true, false])
    func aRequestBehindTheFirstWaitsNoLongerThanItsOwnLimit(isSentAtOnce: Bool) async throws {
        let first = try self.send()
        let early = isSentAtOnce ? try self.send() : nil
        try self.receive(":1\r\n")
        let second = try early ?? self.send()
        self.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1999))
        #expect(self.channel.isActive)
        self.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        try #require(!self.channel.isActive)
        #expect(try await first.replies.get() == [.integer(1)])
        #expect(await lost(second)?.kind == .timedOut)
    }

    @Test func aConnectionThatIsUsedDoesNotTimeOut() async throws {
        for number in 0..<10 {
            let request = try self.send()
            self.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1900))
            try self.receive(":\(number)\r\n")
            #expect(try await request.replies.get() == [.integer(number)])
        }
        #expect(self.channel.isActive)
    }

    @Test(arguments: ["+surplus\r\n", "HTTP/1.1 400\r\n", "$5000\r\n\(String(repeating: "x", count: 1500))"])
    func whatNobodyAskedForEndsTheConnection(wire: String) async throws {
        let request = try self.send()
        try self.receive(":1\r\n")
        try self.receive(wire)
        #expect(!self.channel.isActive)
        #expect(try await request.replies.get() == [.integer(1)])
        guard case .notSent = await self.refusal(try self.send()) else {
            Issue.record("A connection that has ended takes a request.")
            return
        }
    }

    @Test func theEndOfTheStreamInTheMiddleOfAReplyLosesIt() async throws {
        let requests = try [self.send(), self.send()]
        try self.receive(":1\r\n$100\r\nabc")
        try await self.channel.close()
        #expect(try await requests[0].replies.get() == [.integer(1)])
        #expect(await lost(requests[1])?.kind == .connectionLost)
    }

    @Test func drainingWaitsForWhatWasSent() async throws {
        let request = try self.send()
        self.handler.drain()
        #expect(self.channel.isActive)
        guard case .notSent = await self.refusal(try self.send()) else {
            Issue.record("A connection that ends takes a request.")
            return
        }
        try self.receive(":1\r\n")
        #expect(try await request.replies.get() == [.integer(1)])
        #expect(!self.channel.isActive)
    }

    private func send(_ count: Int = 1) throws -> RedisRequest {
        let request = try RedisRequest(Array(repeating: RedisCommand("PING"), count: count))
        self.handler.send(request)
        return request
    }

    private func receive(_ text: String) throws {
        try self.channel.writeInbound(ByteBuffer(string: text))
    }

    private func lost(_ request: RedisRequest) async -> RedisStoreError? {
        guard case .lost(let error) = await self.refusal(request) else { return nil }
        return error
    }

    private func refusal(_ request: RedisRequest) async -> RedisFailure? {
        do {
            _ = try await request.replies.get()
            return nil
        } catch {
            return error as? RedisFailure
        }
    }
}
