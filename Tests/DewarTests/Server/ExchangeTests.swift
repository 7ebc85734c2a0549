// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Dewar

/// When a connection ends, and when a body is asked for.
@Suite struct ExchangeTests {
    private static func answer(to request: String, body: String? = "ok") throws -> (text: String, isLast: Bool) {
        let connection = try TestConnection()
        try connection.send(request)
        connection.answer(body: body)
        return (connection.received().lowercased(), connection.isEnded)
    }

    // MARK: - The end of a connection

    @Test(arguments: [
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: CLOSE\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: TE, Close\r\n\r\n",
    ])
    func theConnectionEndsWithTheAnswer(request: String) throws {
        let answer = try Self.answer(to: request)
        #expect(answer.text.contains("\r\nconnection: close\r\n"))
        #expect(answer.text.hasSuffix("\r\n\r\nok"))
        #expect(answer.isLast)
    }

    @Test func aConnectionOfHTTP11Stays() throws {
        let answer = try Self.answer(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(!answer.text.contains("connection:"))
        #expect(!answer.isLast)
    }

    /// NIO's decoder reads nothing behind such a request: what a client sent then would stay in memory.
    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
    ]) func aRequestForAnotherProtocolIsTheLast(head: String) throws {
        let answer = try Self.answer(to: head)
        #expect(answer.text.lowercased().contains("\r\nconnection: close\r\n"))
        #expect(answer.isLast)
    }

    /// So the socket stays in NIO's selector. More than one read would let a client fill the memory with requests.
    @Test func oneReadWaitsForTheNextRequestWhileOneIsAnswered() throws {
        let connection = try TestConnection()
        for number in 1...3 {
            let before = connection.readCount
            try connection.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n", isReadOn: false)
            #expect(connection.readCount == before + 1)
            // A client that does not wait for its answers.
            try connection.send("GET /\(number)/early HTTP/1.1\r\nHost: a\r\n\r\n", isReadOn: false)
            try connection.send("GET /\(number)/late HTTP/1.1\r\nHost: a\r\n\r\n", isReadOn: false)
            #expect(connection.readCount == before + 1)
            for _ in 1...3 { connection.answer() }
        }
        let paths = connection.events.filter { $0.hasPrefix("/") }
        #expect(paths == (1...3).flatMap { ["/\($0)", "/\($0)/early", "/\($0)/late"] })
        #expect(connection.isOpen)
    }

    @Test func noReadWaitsForTheNextRequestWhileABodyIsExpected() throws {
        let connection = try TestConnection()
        let before = connection.readCount
        try connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab", isReadOn: false)
        #expect(connection.readCount == before)
    }

    @Test func aConnectionOfHTTP10StaysWhenItIsAskedTo() throws {
        let answer = try Self.answer(to: "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        #expect(answer.text.contains("\r\nconnection: keep-alive\r\n"))
        #expect(!answer.isLast)
    }

    /// A proxy that sees the end of the body elsewhere would take what follows for another visitor's request.
    @Test func aChunkedRequestOfHTTP10IsTheLast() throws {
        let connection = try TestConnection()
        let head = "POST /a HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
        try connection.send(head + "0\r\n\r\nGET /b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        connection.answer()
        #expect(connection.received().lowercased().contains("\r\nconnection: close\r\n"))
        #expect(connection.events == ["/a", "end"])
        #expect(connection.isEnded)
    }

    @Test func aStreamToHTTP10HasNoChunksAndEndsWithTheConnection() throws {
        let answer = try Self.answer(to: "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", body: nil)
        #expect(answer.text.hasSuffix("\r\nconnection: close\r\n\r\nstream"))
        #expect(!answer.text.contains("transfer-encoding"))
        #expect(answer.isLast)
        let new = try Self.answer(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", body: nil)
        #expect(new.text.contains("transfer-encoding: chunked"))
    }

    @Test func anApplicationMayEndTheConnection() throws {
        let connection = try TestConnection()
        try connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.answer(headers: [.connection: "close"])
        #expect(connection.isEnded)
    }

    @Test func requestsAfterTheLastAreNotHandedOn() throws {
        let connection = try TestConnection()
        try connection.send("POST /a HTTP/1.0\r\n\r\nPOST /b HTTP/1.0\r\n\r\n")
        #expect(connection.events == ["/a", "end"])
        connection.answer()
        try connection.send("POST /c HTTP/1.0\r\n\r\n")
        #expect(connection.events == ["/a", "end"])
    }

    @Test func requestsThatComeTogetherAreAnsweredInOrder() throws {
        let connection = try TestConnection()
        let head = " HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n"
        try connection.send("POST /a\(head)1POST /b\(head)2")
        #expect(connection.events == ["/a", "1 bytes", "end"])
        connection.answer(body: "first")
        #expect(connection.events == ["/a", "1 bytes", "end", "/b", "1 bytes", "end"])
        connection.answer(body: "second")
        #expect(connection.received().hasSuffix("second"))
        #expect(!connection.isEnded)
    }

    /// The server must not forget a request because the client says that it was the last.
    @Test func aClientThatClosesItsSideGetsAllItsAnswers() throws {
        let connection = try TestConnection()
        try connection.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(connection.events == ["/a", "end"])
        #expect(!connection.isInputClosed)
        connection.answer(body: "first")
        #expect(connection.events == ["/a", "end", "/b", "end"])
        #expect(connection.isInputClosed)
        connection.answer(body: "second")
        #expect(connection.received().hasSuffix("second"))
    }

    @Test(arguments: [("1000", false), ("262144", false), ("262145", true), ("99999999999999999999", true)])
    func aBodyThatNobodyWantedIsReadWhenItIsSmall(length: String, isLast: Bool) throws {
        let answer = try Self.answer(to: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
        #expect(answer.isLast == isLast)
        #expect(answer.text.contains("connection: close") == isLast)
    }

    @Test func aBodyOfUnknownLengthThatNobodyWantedIsNotRead() throws {
        let answer = try Self.answer(to: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(answer.isLast)
    }

    @Test func theRestOfASmallBodyIsFollowedByTheNextRequest() throws {
        let connection = try TestConnection()
        try connection.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n1")
        connection.answer(.notFound)
        try connection.send("234GET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.answer()
        #expect(connection.events == ["/a", "1 bytes", "3 bytes", "end", "/b", "end"])
        #expect(connection.received().hasSuffix("ok"))
        connection.pass(39)
        #expect(connection.isOpen)
        connection.pass(1)
        #expect(!connection.isOpen)
    }

    // MARK: - 100 Continue

    private static let expecting = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n"

    @Test func aBodyIsAskedForWhenItIsWanted() throws {
        let connection = try TestConnection()
        try connection.send(Self.expecting)
        connection.pass(1000)
        #expect(connection.received().isEmpty)
        #expect(connection.events == ["/"])
        connection.wantBody()
        connection.wantBody()
        #expect(connection.received() == "HTTP/1.1 100 Continue\r\n\r\n")
        try connection.send("ab")
        connection.answer()
        #expect(connection.events == ["/", "2 bytes", "end"])
        #expect(connection.received().hasSuffix("ok"))
        #expect(!connection.isEnded)
    }

    @Test func aBodyThatWasAskedForHasItsTime() throws {
        let connection = try TestConnection()
        try connection.send(Self.expecting)
        connection.wantBody()
        connection.pass(20)
        #expect(connection.events == ["/", "RequestTimeout"])
    }

    @Test func aBodyThatIsThereNeedsNoAsking() throws {
        let connection = try TestConnection()
        try connection.send(Self.expecting + "ab")
        connection.wantBody()
        #expect(connection.received().isEmpty)
    }

    @Test func anAnswerInPlaceOfAskingEndsTheConnection() throws {
        let connection = try TestConnection()
        try connection.send(Self.expecting)
        connection.answer(.contentTooLarge)
        connection.wantBody()
        let text = connection.received().lowercased()
        #expect(text.hasPrefix("http/1.1 413 ") && text.contains("connection: close"))
        #expect(!text.contains("100 continue"))
        #expect(connection.isEnded)
    }

    @Test func aClientOfHTTP10IsNotAskedToGoOn() throws {
        let connection = try TestConnection()
        try connection.send("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        connection.wantBody()
        #expect(connection.received().isEmpty)
    }

    @Test func anUnknownExpectationIsRefused() throws {
        let connection = try TestConnection()
        try connection.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\nContent-Length: 2\r\n\r\nab")
        #expect(connection.received().hasPrefix("HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\n"))
        #expect(connection.events.isEmpty)
        #expect(connection.isEnded)
    }

    // MARK: - What is no request

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400 Bad Request"),
        ("nonsense\r\n\r\n", "400 Bad Request"),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505 HTTP Version Not Supported"),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nA: \(String(repeating: "a", count: 90_000))\r\n\r\n",
            "431 Request Header Fields Too Large"
        ),
    ])
    func whatIsNoRequestIsRefused(text: String, status: String) throws {
        let connection = try TestConnection()
        try connection.send(text)
        #expect(connection.received() == "HTTP/1.1 \(status)\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        #expect(connection.events.isEmpty)
        #expect(connection.isEnded)
        connection.pass(2)
        #expect(!connection.isOpen)
    }

    @Test func whatFollowsARequestAndIsNoneIsRefusedAfterTheAnswer() throws {
        let connection = try TestConnection()
        try connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n")
        #expect(connection.received().isEmpty)
        connection.answer()
        let text = connection.received()
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.hasSuffix("okHTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
        #expect(connection.events == ["/", "end"])
        #expect(connection.isEnded)
    }

    @Test func whatFollowsTheMalformedChangesNothing() throws {
        let connection = try TestConnection()
        try connection.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try? connection.send("nonsense\r\n\r\n", isReadOn: false)
        _ = try? connection.send("and more\r\n\r\n", isReadOn: false)
        connection.answer()
        connection.answer()
        #expect(connection.received().contains("HTTP/1.1 400 Bad Request\r\n"))
        #expect(connection.events == ["/a", "end", "/b", "end"])
        #expect(connection.isEnded)
    }

    @Test func aMalformedBodyIsToldToTheApplication() throws {
        let connection = try TestConnection()
        try connection.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        #expect(connection.events == ["/", "HTTPParserError"])
        connection.answer(.badRequest)
        #expect(connection.isEnded)
        _ = connection.received()
        // Hummingbird answers once more.
        connection.answer(.badRequest)
        #expect(connection.received().isEmpty)
    }

    /// TLS has errors of its own, which the application does not know.
    @Test func aConnectionThatFailsWithinABodyIsToldToTheApplicationInTheSameWay() throws {
        struct FailureOfTLS: Error {}
        let connection = try TestConnection()
        try connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nab")
        connection.channel.pipeline.fireErrorCaught(FailureOfTLS())
        #expect(connection.events == ["/", "2 bytes", "ChannelError"])
    }

    @Test func aClientThatLeavesInTheMiddleOfAHeadIsNotAnswered() throws {
        let connection = try TestConnection()
        try connection.send("GET / HT")
        // NIO stops the process for an answer after this.
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(!connection.isOpen)
        #expect(connection.received().isEmpty)
        #expect(connection.events.isEmpty)
    }

    @Test func aClientThatLeavesABodyThatNobodyWantedIsNotAnsweredAgain() throws {
        let connection = try TestConnection()
        try connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n1")
        connection.answer(.notFound)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(connection.events == ["/", "1 bytes"])
        #expect(!connection.isOpen)
    }

    // MARK: - The server stops

    private static func stop(_ connection: TestConnection) {
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    /// The connection ends as after any last answer: what the client still sends is taken in for a moment.
    private static func expectLingering(_ connection: TestConnection) throws {
        #expect(connection.isEnded && connection.isOpen)
        try connection.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(connection.isOpen && !connection.events.contains("/late"))
        connection.pass(2)
        #expect(!connection.isOpen)
    }

    @Test func theRequestThatIsAnsweredIsTheLastWhenTheServerStops() throws {
        let connection = try TestConnection()
        try connection.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n")
        Self.stop(connection)
        try connection.send("GET /c HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(connection.isOpen)
        connection.answer()
        let text = connection.received()
        #expect(text.contains("\r\nConnection: close\r\n") && text.hasSuffix("ok"))
        #expect(connection.events == ["/a", "end"])
        try Self.expectLingering(connection)
    }

    @Test func anAnswerThatHasBegunIsTheLastWhenTheServerStops() throws {
        let connection = try TestConnection()
        try connection.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.channel.write(HTTPResponsePart.head(HTTPResponse(status: .ok)), promise: nil)
        Self.stop(connection)
        connection.block()
        connection.channel.write(HTTPResponsePart.body(ByteBuffer(string: "stream")), promise: nil)
        connection.channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
        #expect(connection.isOpen && !connection.isEnded)
        try connection.unblock()
        #expect(connection.received().hasSuffix("stream\r\n0\r\n\r\n"))
        try Self.expectLingering(connection)
    }

    @Test func aRequestThatHasBegunIsReadAndAnsweredWhenTheServerStops() throws {
        let connection = try TestConnection()
        try connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na")
        Self.stop(connection)
        try connection.send("b")
        #expect(connection.events == ["/", "1 bytes", "1 bytes", "end"])
        #expect(connection.isOpen)
        connection.answer()
        #expect(connection.received().hasSuffix("ok"))
        try Self.expectLingering(connection)
    }

    @Test func aBodyThatNobodyWantedIsReadToItsEndWhenTheServerStops() throws {
        let connection = try TestConnection()
        try connection.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n1")
        connection.answer(.notFound)
        Self.stop(connection)
        #expect(!connection.isEnded)
        try connection.send("234")
        try Self.expectLingering(connection)
    }

    @Test func aConnectionWithoutARequestIsClosedWhenTheServerStops() throws {
        let connection = try TestConnection()
        try connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.answer()
        Self.stop(connection)
        #expect(!connection.isOpen)
    }
}
