// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import Testing

@testable import Dewar
@testable import DewarTLS

/// How long an HTTP/2 connection and its streams may take for each of the things that they do.
@Suite struct HTTP2TimeTests {
    // MARK: - The head

    @Test func aConnectionWithoutARequestIsClosed() throws {
        let connection = try TestHTTP2Connection()
        connection.pass(9)
        #expect(connection.isOpen)
        // What belongs to the connection alone is no request.
        connection.send(.ping(HTTP2PingData(withInteger: 1), ack: false))
        connection.pass(1)
        #expect(!connection.isOpen)
        #expect(connection.received() == ["GOAWAY 0 0"])
    }

    /// A frame of HEADERS without END_HEADERS, or a part of one with it.
    @Test(
        arguments: [
            [0, 0, 1, 1, 0x1, 0, 0, 0, 3, 0x82], [0, 0, 9, 1, 0x5, 0, 0, 0, 3, 0x82],
        ] as [[UInt8]])
    func aHeadWithoutEndIsLateHoweverItTrickles(bytes: [UInt8]) throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        connection.answer()
        _ = connection.received()
        connection.pass(5)
        connection.send(raw: bytes)
        connection.pass(9)
        // An empty frame of CONTINUATION, or another byte.
        connection.send(raw: bytes[4] == 1 ? [0, 0, 0, 9, 0, 0, 0, 0, 3] : [0x84])
        #expect(connection.isOpen)
        connection.pass(1)
        #expect(!connection.isOpen)
        #expect(connection.received() == ["GOAWAY 1 0"])
    }

    /// Each read ends a head and begins the next: no head is late.
    @Test func aHeadBehindAnotherHasATimeOfItsOwn() throws {
        let connection = try TestHTTP2Connection()
        connection.send(raw: [0, 0, 1, 1, 0x1, 0, 0, 0, 1, 0x82])
        for id in [1, 3, 5, 7] as [UInt8] {
            connection.pass(9)
            connection.send(raw: [0, 0, 2, 9, 0x4, 0, 0, 0, id, 0x87, 0x84, 0, 0, 1, 1, 0x1, 0, 0, 0, id + 2, 0x82])
        }
        #expect(connection.isOpen)
        #expect(connection.streams.map(\.events) == [[String]](repeating: ["GET /", "end"], count: 4))
        connection.pass(10)
        #expect(connection.received() == ["GOAWAY 7 0"])
    }

    @Test func aHeadThatEndsInTimeIsARequest() throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        connection.answer()
        // ":method: GET", ":scheme: https" and ":path: /" of the static table (RFC 7541, appendix A).
        connection.send(raw: [0, 0, 1, 1, 0x1, 0, 0, 0, 3, 0x82])
        connection.pass(9)
        connection.send(raw: [0, 0, 2, 9, 0x4, 0, 0, 0, 3, 0x87, 0x84])
        #expect(connection.streams.last?.events == ["GET /", "end"])
        connection.pass(9)
        #expect(connection.isOpen)
    }

    @Test func aConnectionWithoutAFurtherRequestIsClosed() throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        connection.ask()
        connection.pass(1000)
        connection.answer(0)
        connection.pass(1000)
        connection.answer(1)
        connection.pass(39)
        #expect(connection.isOpen)
        _ = connection.received()
        connection.pass(1)
        #expect(!connection.isOpen)
        #expect(connection.received() == ["GOAWAY 3 0"])
    }

    @Test func withoutLimitsNothingIsClosed() throws {
        var limits = ServerLimits.forTests
        (limits.headTimeout, limits.keepAliveTimeout, limits.bodyTimeout, limits.writeTimeout) = (nil, nil, nil, nil)
        let connection = try TestHTTP2Connection(limits)
        connection.pass(10_000)
        connection.ask("POST", endStream: false)
        connection.ask()
        connection.answer(1, body: String(repeating: "x", count: 100_000))
        connection.pass(10_000)
        #expect(connection.isOpen)
        #expect(connection.streams.map(\.events) == [["POST /"], ["GET /", "end"]])
    }

    // MARK: - The body

    @Test func aBodyThatIsLateIsAnErrorOfItsStreamAlone() throws {
        let connection = try TestHTTP2Connection()
        let late = connection.ask("POST", endStream: false)
        connection.pass(10)
        let other = connection.ask("POST", endStream: false)
        connection.pass(10)
        #expect(connection.streams.map(\.events) == [["POST /", "RequestTimeout"], ["POST /"]])
        connection.answer(0, .requestTimeout, body: "late")
        connection.send("body", on: other, endStream: true)
        connection.answer(1)
        #expect(
            connection.received() == [
                "\(Int(late)) :status=408", "\(Int(late)) 4 bytes", "\(Int(late)) 0 bytes END", "\(Int(late)) RESET 0",
                "\(Int(other)) :status=200", "\(Int(other)) 0 bytes END",
            ])
        #expect(connection.isOpen)
    }

    @Test func aBodyThatTricklesIsLate() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        // One byte a second, where two are the least: each second of waiting earns half of one.
        for _ in 0..<36 {
            connection.pass(1)
            connection.send("x", on: id)
        }
        #expect(connection.streams[0].events.last == "1 bytes")
        connection.pass(2)
        #expect(connection.streams[0].events.last == "RequestTimeout")
    }

    @Test func aBodyThatComesSteadilyIsNotLate() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        for _ in 0..<200 {
            connection.pass(1)
            connection.send("xxx", on: id)
        }
        #expect(connection.streams[0].events.last == "3 bytes")
    }

    // MARK: - The answer

    private static let large = String(repeating: "x", count: 100_000)

    /// Some bytes of an answer that needs no window.
    private static func writeHint(_ connection: TestHTTP2Connection, _ number: Int) {
        let head = HTTPResponse(status: HTTPResponse.Status(code: 103))
        connection.streams[number].channel.writeAndFlush(HTTPResponsePart.head(head), promise: nil)
    }

    @Test func aStreamWithoutAWindowIsResetAndTheOthersGoOn() throws {
        let connection = try TestHTTP2Connection()
        connection.send(.windowUpdate(windowSizeIncrement: 1_000_000))
        let stalled = connection.ask()
        connection.answer(0, body: Self.large)
        connection.pass(40)
        let other = connection.ask()
        connection.answer(1)
        connection.pass(39)
        let before = connection.received()
        #expect(before.first == "\(Int(stalled)) :status=200")
        #expect(before.last == "\(Int(other)) 0 bytes END")
        connection.pass(1)
        #expect(connection.received() == ["\(Int(stalled)) RESET 8"])
        #expect(connection.streams[0].events.last == "closed")
        #expect(connection.isOpen)
    }

    /// Less than what makes a stream unwritable.
    @Test func aSmallAnswerThatIsNotReadIsResetToo() throws {
        let connection = try TestHTTP2Connection()
        connection.send(.settings(.settings([HTTP2Setting(parameter: .initialWindowSize, value: 0)])))
        let id = connection.ask()
        connection.answer(body: "hello")
        connection.pass(79)
        #expect(connection.received() == ["\(Int(id)) :status=200"])
        connection.pass(1)
        #expect(connection.received() == ["\(Int(id)) RESET 8"])
    }

    /// Once the connection's window is used up, the end of an answer waits for it too, also of one without a body.
    @Test func anAnswerThatHasOnlyItsEndLeftIsReset() throws {
        let connection = try TestHTTP2Connection()
        let full = connection.ask()
        connection.answer(0, body: String(repeating: "x", count: 65_535))
        connection.pass(79)
        let empty = connection.ask("HEAD")
        connection.answer(1)
        #expect(!connection.received().contains { $0.contains("END") || $0.contains("RESET") })
        connection.pass(1)
        #expect(connection.received() == ["\(Int(full)) RESET 8"])
        connection.pass(79)
        #expect(connection.received() == ["\(Int(empty)) RESET 8"])
        connection.pass(100)
        #expect(!connection.isOpen)
    }

    @Test func aWindowThatOpensNowAndThenIsEnough() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask()
        connection.answer(body: Self.large)
        for _ in 0..<3 {
            connection.pass(79)
            connection.send(.windowUpdate(windowSizeIncrement: 16_384), on: id)
            connection.send(.windowUpdate(windowSizeIncrement: 16_384))
        }
        #expect(connection.received().last == "\(Int(id)) 0 bytes END")
        #expect(connection.isOpen)
    }

    @Test func aClientThatReadsNoBytesIsCutOff() throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        connection.block()
        connection.answer(body: "hello")
        connection.pass(79)
        #expect(connection.isOpen)
        connection.pass(1)
        #expect(!connection.isOpen)
    }

    @Test func aClientThatReadsSlowlyIsNot() throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        connection.block()
        for _ in 0..<5 {
            Self.writeHint(connection, 0)
            connection.pass(79)
            connection.unblock()
            connection.block()
            Self.writeHint(connection, 0)
        }
        #expect(connection.isOpen)
        connection.pass(161)
        #expect(!connection.isOpen)
    }

    /// What a stream has not sent may be behind the bytes that the network has not taken.
    @Test func aStreamIsNotResetWhileItsConnectionIsSending() throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        connection.ask()
        connection.block()
        Self.writeHint(connection, 1)
        connection.pass(40)
        connection.unblock()
        connection.block()
        let stream = connection.streams[0].channel
        stream.write(HTTPResponsePart.head(HTTPResponse(status: .ok)), promise: nil)
        stream.writeAndFlush(HTTPResponsePart.body(ByteBuffer(string: "hello")), promise: nil)
        connection.pass(100)
        connection.unblock()
        #expect(connection.received().filter { $0.contains("RESET") }.isEmpty)
        #expect(connection.isOpen)
    }

    @Test func theEndOfAnAnswerIsSentBeforeAnIdleConnectionCloses() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask()
        connection.block()
        connection.answer(body: "hello")
        connection.pass(60)
        #expect(connection.isOpen)
        connection.unblock()
        #expect(connection.received().last == "\(Int(id)) 0 bytes END")
        #expect(connection.isOpen)
        connection.pass(40)
        #expect(!connection.isOpen)
    }
}
