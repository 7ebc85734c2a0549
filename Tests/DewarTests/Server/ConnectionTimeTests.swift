// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOEmbedded
import Testing

@testable import Dewar

/// How long a connection may take for each of the things that it does.
@Suite struct ConnectionTimeTests {
    private static let late = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"

    @Test func aConnectionThatSendsNothingIsClosedWithoutAWord() throws {
        let connection = try TestConnection()
        connection.pass(9)
        #expect(connection.isOpen)
        connection.pass(1)
        #expect(!connection.isOpen)
        #expect(connection.received().isEmpty)
    }

    @Test func aHeadThatIsLateIsAnsweredHoweverItTrickles() throws {
        let connection = try TestConnection()
        connection.pass(9)
        for byte in "GET / HTT" {
            try connection.send(String(byte))
            connection.pass(1)
        }
        #expect(connection.received().isEmpty)
        connection.pass(1)
        #expect(connection.received() == Self.late)
        #expect(connection.isEnded)
        #expect(connection.events.isEmpty)
    }

    /// The client has sent a part of its next request while the one before was answered.
    @Test func aHeadThatBeganEarlyIsLateToo() throws {
        let connection = try TestConnection()
        try connection.send(Self.get)
        try connection.send("GET /next HTT", isReadOn: false)
        connection.pass(1000)
        connection.answer()
        _ = connection.received()
        connection.pass(9)
        #expect(connection.received().isEmpty)
        connection.pass(1)
        #expect(connection.received() == Self.late)
        #expect(connection.isEnded)
    }

    /// The client has sent a part of its next request together with a whole one.
    @Test(arguments: [
        ["GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTT"], ["GET / HTTP/1.1\r\nHost: a\r\n\r\nG"],
        ["GET / HTTP/1.1\r\nHost: a\r\n\r", "\nGET /next HTTP/1.1\r\nHost: a\r\n"],
        ["GET / HTTP/1.1\r\nHost: a\r\n", "\r\nGET /next HTT"],
        ["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\r\n\r\nPOST /next"],
        ["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n12", "34G"],
        ["POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\nGET /next"],
    ])
    func aHeadBehindAWholeRequestIsLateToo(parts: [String]) throws {
        let connection = try TestConnection()
        for part in parts { try connection.send(part) }
        connection.pass(1000)
        #expect(connection.events.last == "end")
        connection.answer()
        #expect(connection.received().hasPrefix("HTTP/1.1 200 "))
        connection.pass(9)
        #expect(connection.received().isEmpty)
        connection.pass(1)
        #expect(connection.received() == Self.late)
        #expect(connection.isEnded)
    }

    @Test func aHeadThatBeganEarlyMayBecomeWhole() throws {
        let connection = try TestConnection()
        try connection.send(Self.get)
        try connection.send("GET /next HTT", isReadOn: false)
        connection.answer()
        try connection.send("P/1.1\r\nHost: a\r\n\r\n")
        connection.pass(1000)
        connection.answer()
        #expect(connection.events == ["/", "end", "/next", "end"])
        connection.pass(39)
        #expect(connection.isOpen)
    }

    /// Its first bytes came while the request before it was answered, and nothing follows them.
    @Test func aBodyThatBeganEarlyIsLateToo() throws {
        let connection = try TestConnection()
        try connection.send(Self.get)
        try connection.send(Self.post + "a", isReadOn: false)
        connection.pass(1000)
        connection.answer()
        #expect(connection.events == ["/", "end", "/", "1 bytes"])
        connection.pass(20)
        #expect(connection.events.last == "RequestTimeout")
    }

    @Test func anAnsweredRequestLeavesTimeForTheNext() throws {
        let connection = try TestConnection()
        for _ in 0..<3 {
            try connection.send(Self.get)
            connection.pass(1000)
            connection.answer()
            connection.pass(39)
            #expect(connection.isOpen)
        }
        _ = connection.received()
        connection.pass(1)
        #expect(!connection.isOpen)
        #expect(connection.received().isEmpty)
        #expect(connection.events == ["/", "end", "/", "end", "/", "end"])
    }

    @Test func theHeadOfALaterRequestHasItsTimeToo() throws {
        let connection = try TestConnection()
        try connection.send(Self.get)
        connection.answer()
        connection.pass(30)
        try connection.send("GET / HTTP/1.1\r\n")
        _ = connection.received()
        connection.pass(9)
        #expect(connection.received().isEmpty)
        connection.pass(1)
        #expect(connection.received() == Self.late)
    }

    @Test func aBodyThatStopsFailsAndTheAnswerIsTheLast() throws {
        var limits = ServerLimits.forTests
        limits.minimumBodyRate = 0
        let connection = try TestConnection(limits)
        try connection.send(Self.post)
        connection.pass(19)
        try connection.send("a")
        connection.pass(19)
        #expect(connection.events == ["/", "1 bytes"])
        connection.pass(1)
        #expect(connection.events == ["/", "1 bytes", "RequestTimeout"])
        connection.answer(.requestTimeout, body: "late")
        #expect(connection.received().hasPrefix("HTTP/1.1 408 Request Timeout\r\n"))
        #expect(connection.isEnded)
        try connection.send(String(repeating: "b", count: 99) + Self.get)
        #expect(connection.events == ["/", "1 bytes", "RequestTimeout"])
    }

    @Test func aBodyThatTricklesFailsThoughNoByteIsLate() throws {
        let connection = try TestConnection()
        try connection.send(Self.post)
        // Each of these pieces buys a second, and takes ten.
        for _ in 0..<2 {
            connection.pass(10)
            try connection.send("aa")
        }
        connection.pass(1)
        #expect(connection.events == ["/", "2 bytes", "2 bytes"])
        connection.pass(1)
        #expect(connection.events == ["/", "2 bytes", "2 bytes", "RequestTimeout"])
    }

    @Test func aBodyThatKeepsTheRateMayTakeItsTime() throws {
        let connection = try TestConnection()
        try connection.send(Self.post)
        for _ in 0..<25 {
            connection.pass(2)
            try connection.send("aaaa")
        }
        #expect(connection.events.last == "end")
    }

    @Test func noTimePassesWhileTheApplicationDoesNotReadOn() throws {
        let connection = try TestConnection()
        try connection.send(Self.post + "a", isReadOn: false)
        connection.pass(1000)
        #expect(connection.events == ["/", "1 bytes"])
        #expect(connection.isOpen)
        connection.channel.read()
        connection.pass(20)
        #expect(connection.events == ["/", "1 bytes", "RequestTimeout"])
    }

    @Test func anApplicationMayTakeItsTimeToAnswer() throws {
        let connection = try TestConnection()
        try connection.send(Self.post + String(repeating: "a", count: 100))
        connection.pass(100_000)
        connection.answer()
        #expect(connection.received().hasSuffix("\r\n\r\nok"))
        #expect(connection.isOpen)
    }

    @Test func aBodyThatNobodyWantedIsNotWaitedForLonger() throws {
        let connection = try TestConnection()
        try connection.send(Self.post)
        connection.answer(.notFound)
        connection.pass(20)
        #expect(!connection.isOpen)
    }

    @Test func aClientThatTakesNothingIsClosed() throws {
        let connection = try TestConnection()
        try connection.send(Self.get)
        connection.channel.isWritable = false
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.pass(79)
        #expect(connection.isOpen)
        connection.pass(1)
        #expect(!connection.isOpen)
    }

    @Test func aClientThatTakesSomethingIsNot() throws {
        let connection = try TestConnection()
        try connection.send(Self.get)
        for _ in 0..<3 {
            for isWritable in [false, true] {
                connection.channel.isWritable = isWritable
                connection.channel.pipeline.fireChannelWritabilityChanged()
                connection.pass(79)
            }
        }
        #expect(connection.isOpen)
    }

    @Test func aClientThatReadsAnAnswerSlowlyIsNotIdle() throws {
        let connection = try TestConnection()
        connection.channel.isWritable = false
        try connection.send(Self.get)
        connection.answer()
        connection.channel.pipeline.fireChannelWritabilityChanged()
        // Longer than the time between two requests; the time for reading begins here.
        connection.pass(79)
        #expect(connection.isOpen)
        connection.channel.isWritable = true
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.pass(30)
        #expect(connection.isOpen)
        connection.pass(30)
        #expect(!connection.isOpen)
    }

    @Test func aClientThatReadsNothingOfItsAnswerIsClosed() throws {
        let connection = try TestConnection()
        connection.channel.isWritable = false
        try connection.send(Self.get)
        connection.answer()
        connection.channel.pipeline.fireChannelWritabilityChanged()
        connection.pass(80)
        #expect(!connection.isOpen)
    }

    @Test func aClientThatReadsSomeHasTimeForMore() {
        var state = ConnectionState(limits: .forTests, now: .uptimeNanoseconds(0))
        let (one, two) = (NIODeadline.uptimeNanoseconds(1), NIODeadline.uptimeNanoseconds(2))
        state.writabilityChanged(false, now: one)
        let before = state.deadline?.at
        #expect(state.isSending)
        state.sendingProgressed(now: two)
        #expect(before.map { $0 + .nanoseconds(1) } == state.deadline?.at)
        state.writabilityChanged(true, now: two)
        state.closingBegan(now: one)
        #expect(state.isSending)
        let closing = state.deadline?.at
        state.sendingProgressed(now: two)
        #expect(closing.map { $0 + .nanoseconds(1) } == state.deadline?.at)
        state.closingFlushed(now: two)
        #expect(!state.isSending)
    }

    /// Less than the network takes at once is unsent: the connection is idle, but for that.
    @Test(arguments: [false, true]) func theEndOfAnAnswerIsSentBeforeAnIdleConnectionEnds(makesRoom: Bool) throws {
        let connection = try TestConnection()
        try connection.send(Self.get)
        connection.block()
        connection.answer()
        if makesRoom { connection.channel.pipeline.fireUserInboundEventTriggered(OpenConnections.MakeRoom()) }
        connection.pass(makesRoom ? 1 : 40)
        #expect(!connection.isEnded)
        try connection.unblock()
        #expect(connection.received().hasSuffix("ok"))
        #expect(connection.isEnded && connection.isOpen)
        connection.pass(2)
        #expect(!connection.isOpen)
    }

    @Test func aClientThatDoesNotReadTheEndOfItsAnswerIsClosed() throws {
        let connection = try TestConnection()
        try connection.send(Self.get)
        connection.block()
        connection.answer()
        connection.pass(40)
        connection.pass(79)
        #expect(connection.isOpen)
        connection.pass(1)
        #expect(!connection.isOpen)
    }

    /// The application has announced more than it wrote.
    @Test func theEndOfTheAnswerBeforeABrokenOneIsSent() throws {
        let connection = try TestConnection()
        try connection.send(Self.get + Self.get)
        connection.block()
        connection.answer(body: "first")
        connection.answer(headers: [.contentLength: "9"])
        #expect(!connection.isEnded)
        try connection.unblock()
        #expect(connection.received().hasSuffix("first"))
        #expect(connection.isEnded)
    }

    @Test func aLastAnswerIsFollowedByAMomentInWhichTheRestIsTakenIn() throws {
        let connection = try TestConnection()
        try connection.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        connection.answer()
        #expect(connection.isEnded)
        // Hummingbird closes when its part is over.
        connection.channel.close(promise: nil)
        connection.pass(1)
        try connection.send("more")
        #expect(connection.isOpen)
        connection.pass(1)
        #expect(!connection.isOpen)
    }

    @Test func aClientThatIsDoneIsNotWaitedFor() throws {
        let connection = try TestConnection()
        try connection.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        connection.answer()
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(!connection.isOpen)
    }

    @Test func withoutLimitsNothingEnds() throws {
        var limits = ServerLimits()
        (limits.headTimeout, limits.bodyTimeout, limits.keepAliveTimeout, limits.writeTimeout) = (nil, nil, nil, nil)
        let connection = try TestConnection(limits)
        connection.pass(100_000)
        try connection.send("GET / HTTP/1.1\r\n")
        connection.pass(100_000)
        try connection.send("Host: a\r\n\r\n" + Self.post)
        connection.answer()
        connection.pass(100_000)
        #expect(connection.isOpen)
        #expect(connection.events == ["/", "end", "/"])
    }

    // MARK: - Many connections

    @Test func theConnectionThatWaitsForLongestGoesWhenRoomIsNeeded() throws {
        let connections = OpenConnections(maximum: 3)
        let oldest = try TestConnection(connections: connections)
        connections.opened()
        try oldest.send(Self.get)
        oldest.pass(5)
        let busy = try TestConnection(connections: connections)
        connections.opened()
        try busy.send(Self.get)
        #expect(!connections.isFull)
        oldest.answer()
        connections.opened()
        #expect(connections.isFull)
        busy.pass(5)
        #expect(busy.isOpen)
        // Its next request may be on its way.
        #expect(oldest.isOpen)
        oldest.pass(1)
        #expect(!oldest.isOpen)
    }

    @Test func aRequestThatWasOnItsWayKeepsItsConnectionAndAnotherOneGoes() throws {
        let connections = OpenConnections(maximum: 2)
        let asked = try TestConnection(connections: connections)
        connections.opened()
        let other = try TestConnection(connections: connections)
        connections.opened()
        try asked.send(Self.get)
        asked.pass(5)
        asked.answer()
        #expect(asked.received().contains("200"))
        #expect(other.isOpen)
        other.pass(1)
        #expect(!other.isOpen)
    }

    @Test func ofConnectionsThatWereTakenTogetherTheFirstGoes() throws {
        let connections = OpenConnections(maximum: 2)
        connections.opened()
        connections.opened()
        let first = try TestConnection(connections: connections)
        #expect(first.isOpen)
        let second = try TestConnection(connections: connections)
        first.pass(1)
        second.pass(1)
        #expect(!first.isOpen)
        #expect(second.isOpen)
    }

    @Test func withoutRoomAnAnswerIsTheLast() throws {
        let connections = OpenConnections(maximum: 1)
        let connection = try TestConnection(connections: connections)
        try connection.send(Self.get)
        connections.opened()
        connection.answer()
        #expect(connection.received().contains("Connection: close\r\n"))
        #expect(connection.isEnded)
        connections.closed()
        #expect(!connections.isFull)
    }
}
