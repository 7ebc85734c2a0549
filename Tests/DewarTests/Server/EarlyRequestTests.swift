// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import NIOCore
import NIOEmbedded
import NIOHTTP1
import SessionsTesting
import Testing

@testable import Dewar

/// Requests that a client sends without waiting for answers.
@Suite struct EarlyRequestTests {
    /// Counts the parts of requests that have been decoded.
    private final class Counter: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias InboundOut = HTTPServerRequestPart

        var count = 0

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.count += 1
            context.fireChannelRead(data)
        }
    }

    @Test(arguments: ["", "G", "GET /last HTTP/1.1\r\n"])
    func tenThousandRequestsInOneBurstStayBytesUntilTheirTurn(rest: String) throws {
        let connection = try TestConnection()
        let (pipeline, counter) = (connection.channel.pipeline.syncOperations, Counter())
        try pipeline.addHandler(counter, position: .before(pipeline.handler(type: ExchangeHandler.self)))
        try connection.send((0..<10_000).map { "GET /\($0) HTTP/1.1\r\n\r\n" }.joined() + rest)
        for number in 0..<10_000 {
            // A head and its end for each that is answered, or is; 4 KiB have at most 227 requests.
            try #require(counter.count <= 2 * (number + 1 + 227))
            #expect(connection.events.count == 2 * (number + 1))
            connection.answer(body: "\(number)")
            #expect(connection.received().hasSuffix("\r\n\r\n\(number)"))
        }
        #expect(connection.events.filter { $0 != "end" } == (0..<10_000).map { "/\($0)" })
        #expect(connection.isOpen)
    }

    @Test func noReadWaitsWhileBytesAreHeld() throws {
        let connection = try TestConnection()
        let before = connection.readCount
        try connection.send("GET /a HTTP/1.1\r\n\r\nGET /b HTT", isReadOn: false)
        #expect(connection.readCount == before)
        connection.channel.read()
        connection.answer()
        #expect(connection.readCount == before + 1)
    }

    @Test func aClientThatClosesItsSideGetsTheAnswersToWhatIsHeld() throws {
        let connection = try TestConnection()
        try connection.send("GET /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 1\r\n\r\n1")
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(connection.events == ["/a", "end"])
        #expect(!connection.isInputClosed)
        connection.answer(body: "first")
        #expect(connection.events == ["/a", "end", "/b", "1 bytes", "end"])
        #expect(connection.isInputClosed)
        connection.answer(body: "second")
        #expect(connection.received().hasSuffix("second"))
    }

    @Test func bytesBehindABodyThatFailedAreNotHeld() throws {
        let connection = try TestConnection()
        try connection.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        _ = try? connection.send("GET /late HTTP/1.1\r\n\r\n")
        connection.answer(.badRequest)
        #expect(connection.events == ["/", "HTTPParserError"])
        #expect(connection.isEnded)
    }

    /// Where the network splits requests does not matter to what the application gets.
    @Test(arguments: 1...40) func requestsAreTheSameHoweverTheyAreSplit(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let requests = (0..<60).map { Self.request($0, &random) }
        let connection = try TestConnection()
        var bytes = Array(requests.map(\.text).joined().utf8)[...]
        var answers = 0
        while answers < requests.count {
            let isAnswerable = connection.events.count(where: { $0 == "end" }) > answers
            if isAnswerable, bytes.isEmpty || .random(using: &random) {
                connection.answer()
                answers += 1
            } else {
                let longest = [3, 300, 30_000].randomElement(using: &random) ?? 1
                let part = bytes.prefix(.random(in: 1...longest, using: &random))
                bytes = bytes.dropFirst(part.count)
                try #require(!part.isEmpty, "the application did not get all requests")
                try connection.send(String(decoding: part, as: UTF8.self))
            }
        }
        #expect(Self.joined(connection.events) == requests.flatMap(\.events))
        #expect(connection.isOpen)
    }

    /// A request, and what the application gets of it. Bodies have blank lines in them.
    private static func request(_ number: Int, _ random: inout SeededGenerator) -> (text: String, events: [String]) {
        let unit = ["a", "\r\n\r\n", "\n"][number % 3]
        let body = String(repeating: unit, count: .random(in: 1...2000, using: &random))
        let (count, path) = (body.utf8.count, "/\(number)")
        let head = "POST \(path) HTTP/1.1\r\n"
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return ("\(head)Content-Length: \(count)\r\n\r\n\(body)", [path, "\(count) bytes", "end"])
        case 1:
            let chunks = "\(String(count, radix: 16))\r\n\(body)\r\n0\r\nA: b\r\n\r\n"
            return ("\(head)Transfer-Encoding: chunked\r\n\r\n\(chunks)", [path, "\(count) bytes", "end"])
        default: return ("GET \(path) HTTP/1.1\r\nA: \(number)\r\n\r\n", [path, "end"])
        }
    }

    /// The events, with the parts of each body added up.
    private static func joined(_ events: [String]) -> [String] {
        var (joined, count) = ([String](), 0)
        for event in events {
            if event.hasSuffix(" bytes"), let bytes = Int(event.dropLast(6)) {
                count += bytes
                continue
            }
            if count > 0 { joined.append("\(count) bytes") }
            count = 0
            joined.append(event)
        }
        return joined
    }
}
