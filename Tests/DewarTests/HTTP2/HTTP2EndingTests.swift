// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTP2
import TestSupport
import Testing

@testable import Dewar
@testable import DewarTLS

/// When an HTTP/2 connection ends: for room, because the server stops, and because the client does harm.
@Suite struct HTTP2EndingTests {
    // MARK: - Room

    @Test func aConnectionWithoutStreamsMakesRoom() throws {
        let connections = OpenConnections(maximum: 1)
        let connection = try TestHTTP2Connection(connections: connections)
        connections.opened()
        connections.opened()
        connection.pass(.milliseconds(499))
        #expect(connection.isOpen)
        connection.pass(.milliseconds(1))
        #expect(!connection.isOpen)
        #expect(connection.received() == ["GOAWAY 0 0"])
    }

    @Test func aConnectionWithAStreamIsNotAskedForRoom() throws {
        let connections = OpenConnections(maximum: 2)
        connections.opened()
        let connection = try TestHTTP2Connection(connections: connections)
        connection.ask()
        connections.opened()
        connection.pass(30)
        #expect(connection.isOpen)
        connection.answer()
        // The house is full: the client gets its answer, and has to come again.
        #expect(!connection.isOpen)
        #expect(connection.received().suffix(2) == ["1 0 bytes END", "GOAWAY 1 0"])
    }

    @Test func aRequestThatComesInTimeKeepsItsConnection() throws {
        let connections = OpenConnections(maximum: 1)
        let connection = try TestHTTP2Connection(connections: connections)
        connections.opened()
        connections.opened()
        connection.ask()
        connection.pass(5)
        #expect(connection.isOpen)
    }

    // MARK: - The end of the server, and of the client

    @Test func aServerThatStopsFinishesTheStreams() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        connection.exchange()
        #expect(connection.received() == ["GOAWAY 1 0"])
        // The client has not seen that yet.
        connection.send(raw: [0, 0, 3, 1, 0x5, 0, 0, 0, 3, 0x82, 0x87, 0x84])
        connection.send("body", on: id, endStream: true)
        #expect(connection.streams.map(\.events) == [["POST /", "4 bytes", "end"]])
        connection.pass(5)
        #expect(connection.isOpen)
        connection.answer()
        #expect(connection.received() == ["1 :status=200", "1 0 bytes END"])
        #expect(!connection.isOpen)
    }

    @Test func aServerThatStopsClosesAnIdleConnection() throws {
        let connection = try TestHTTP2Connection()
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        connection.exchange()
        #expect(connection.received() == ["GOAWAY 0 0"])
        #expect(!connection.isOpen)
    }

    @Test func theTimesHoldWhileTheServerStops() throws {
        let connection = try TestHTTP2Connection()
        connection.ask("POST", endStream: false)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        connection.pass(20)
        #expect(connection.streams[0].events == ["POST /", "RequestTimeout"])
    }

    @Test func aClientThatClosesItsSideGetsItsAnswers() throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        connection.answer(body: "hello")
        #expect(connection.received().suffix(2) == ["1 5 bytes", "1 0 bytes END"])
        #expect(!connection.isOpen)
    }

    @Test func aTaskThatIsCancelledCutsItsConnection() throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        connection.channel.close(mode: .input, promise: nil)
        connection.exchange()
        #expect(!connection.isOpen)
        #expect(connection.streams[0].events.last == "closed")
    }

    /// A client that has connected and says nothing.
    @Test func aTaskThatIsCancelledWaitsForNoHandshake() async throws {
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: try SocketAddress(unixDomainSocketPath: "/client")).get()
        let logger = LogRecorder().logger
        let server = NegotiatedChannel(
            AppChannel(
                responder: { _, _, _ in }, limits: .forTests, connections: OpenConnections(maximum: 10), isSecure: true)
        )
        let value = try await channel.testingEventLoop.submit { server.setup(channel: channel, logger: logger) }
            .flatMap { $0 }.get()
        let work = Task { await server.handle(value: value, logger: logger) }
        work.cancel()
        try await eventually("the connection is closed") { !channel.isActive }
        await work.value
    }

    // MARK: - Harm

    /// 11 is ENHANCE_YOUR_CALM, and 1 PROTOCOL_ERROR.
    private static func end(
        _ send: (TestHTTP2Connection, Int) -> Void, after count: Int, least: Int
    ) throws -> String? {
        let connection = try TestHTTP2Connection()
        for number in 0..<count where connection.isOpen {
            send(connection, number)
            if number < least { #expect(connection.isOpen, "after \(number)") }
        }
        #expect(!connection.isOpen)
        return connection.received().last { $0.hasPrefix("GOAWAY") }
    }

    @Test func aFloodOfPingsEndsTheConnection() throws {
        let end = try Self.end(
            { connection, number in
                connection.send(.ping(HTTP2PingData(withInteger: UInt64(number)), ack: false))
            }, after: 250, least: 100)
        #expect(end == "GOAWAY 0 11")
    }

    @Test func aFloodOfSettingsEndsTheConnection() throws {
        let end = try Self.end(
            { connection, _ in connection.send(.settings(.settings([]))) }, after: 250, least: 100)
        #expect(end == "GOAWAY 0 11")
    }

    @Test func aFloodOfResetsEndsTheConnection() throws {
        let end = try Self.end(
            { connection, _ in connection.send(.rstStream(.cancel), on: connection.ask()) }, after: 250, least: 100)
        #expect(end == "GOAWAY 0 11")
    }

    @Test func aFloodOfMalformedRequestsEndsTheConnection() throws {
        let end = try Self.end(
            { connection, _ in connection.ask(fields: [("connection", "close")]) }, after: 250, least: 100)
        #expect(end == "GOAWAY 0 11")
    }

    @Test func emptyFramesOfDataEndTheConnection() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        for _ in 0..<2 { connection.send("", on: id) }
        #expect(!connection.isOpen)
        #expect(connection.received().last == "GOAWAY 0 11")
    }

    @Test func moreThanAHundredStreamsEndTheConnection() throws {
        let connection = try TestHTTP2Connection()
        // The client's own limit is the one that it knows of the server.
        for _ in 0..<100 { connection.ask() }
        #expect(connection.streams.count == 100)
        #expect(connection.isOpen)
        // ":method: GET", ":scheme: https" and ":path: /".
        connection.send(raw: [0, 0, 3, 1, 0x5, 0, 0, 0, 201, 0x82, 0x87, 0x84])
        #expect(connection.streams.count == 100)
        #expect(!connection.isOpen)
        #expect(connection.received().last == "GOAWAY 2147483647 1")
    }

    @Test func bytesThatAreNoFramesEndTheConnection() throws {
        let connection = try TestHTTP2Connection()
        connection.send(raw: [UInt8]("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(!connection.isOpen)
        #expect(connection.log.warnings == 0)
    }

    /// NIO cannot say a second time how far the server has come.
    @Test func aMistakeWhileTheServerLeavesEndsTheConnection() throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        connection.exchange()
        #expect(connection.isOpen)
        // DATA of the connection itself.
        connection.send(raw: [0, 0, 1, 0, 0, 0, 0, 0, 0, 1])
        #expect(!connection.isOpen)
    }

    /// 40,000 bytes fit into a window, and as many pieces would take many times their memory.
    @Test func aBodyInTinyPiecesThatNoHandlerReadsEndsTheConnection() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        connection.streams[0].readsNothing = true
        let frame: [UInt8] = [0, 0, 1, 0, 0, 0, 0, 0, UInt8(Int(id)), 1]
        for _ in 0..<16 { connection.send(raw: [UInt8]([[UInt8]](repeating: frame, count: 1000).joined())) }
        #expect(connection.isOpen)
        connection.send(raw: [UInt8]([[UInt8]](repeating: frame, count: 1000).joined()))
        #expect(!connection.isOpen)
        #expect(connection.received().last == "GOAWAY 1 11")
    }

    /// No window bounds them, and they wait in the stream behind what is not read.
    @Test func windowsBehindABodyThatNoHandlerReadsEndTheConnectionToo() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        connection.streams[0].readsNothing = true
        let frame: [UInt8] = [0, 0, 4, 8, 0, 0, 0, 0, UInt8(Int(id)), 0, 0, 0, 1]
        for _ in 0..<16 { connection.send(raw: [UInt8]([[UInt8]](repeating: frame, count: 1000).joined())) }
        #expect(connection.isOpen)
        connection.send(raw: [UInt8]([[UInt8]](repeating: frame, count: 1000).joined()))
        #expect(!connection.isOpen)
        #expect(connection.received().last == "GOAWAY 1 11")
    }

    @Test func windowsOfAStreamThatIsReadDoNot() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask()
        let frame: [UInt8] = [0, 0, 4, 8, 0, 0, 0, 0, UInt8(Int(id)), 0, 0, 0, 1]
        for count in [20_000] + [Int](repeating: 1000, count: 40) {
            connection.send(raw: [UInt8]([[UInt8]](repeating: frame, count: count).joined()))
        }
        #expect(connection.isOpen)
    }

    /// The client could not know that the stream is closed: what it had sent is dropped, and does not add up.
    @Test func theRestOfABodyBehindAnEarlyAnswerDoesNotAddUp() throws {
        let connection = try TestHTTP2Connection()
        for number in 0..<30 where connection.isOpen {
            let id = connection.ask("POST", endStream: false)
            connection.answer(number)
            let frame: [UInt8] = [0, 0, 1, 0, 0, 0, 0, 0, UInt8(Int(id)), 1]
            connection.send(raw: [UInt8]([[UInt8]](repeating: frame, count: 1000).joined()))
        }
        #expect(connection.isOpen)
    }

    @Test func aBodyInTinyPiecesThatIsReadDoesNot() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        let frame: [UInt8] = [0, 0, 1, 0, 0, 0, 0, 0, UInt8(Int(id)), 1]
        for _ in 0..<40 { connection.send(raw: [UInt8]([[UInt8]](repeating: frame, count: 1000).joined())) }
        #expect(connection.isOpen)
        #expect(connection.streams[0].events.count == 40_001)
    }

    /// A handler runs to its end, whatever becomes of its stream.
    @Test func aStreamIsRefusedWhileTooManyTasksRun() throws {
        let running = RunningStreams()
        for _ in 1..<RunningStreams.maximum { #expect(running.enter()) }
        let connection = try TestHTTP2Connection(running: running)
        connection.ask()
        let refused = connection.ask()
        // 7 is REFUSED_STREAM: the client may send the request again.
        #expect(connection.received() == ["\(Int(refused)) RESET 7"])
        #expect(connection.streams.map { $0.events.first } == ["GET /", "ChannelError"])
        running.leave()
        running.leave()
        connection.ask()
        #expect(connection.streams.last?.events == ["GET /", "end"])
    }
}
