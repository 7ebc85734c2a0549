// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOHTTPTypes
import TestSupport
import Testing

@testable import Dewar
@testable import DewarTLS

/// Requests and answers over HTTP/2, which mean what they do over HTTP/1.1.
@Suite struct HTTP2ExchangeTests {
    // MARK: - Answers

    @Test(
        arguments: [
            ("GET", HTTPResponse.Status.ok, "5", ["1 :status=200 content-length=5", "1 5 bytes", "1 0 bytes END"]),
            ("GET", .ok, nil, ["1 :status=200", "1 5 bytes", "1 0 bytes END"]),
            ("HEAD", .ok, "5", ["1 :status=200 content-length=5", "1 0 bytes END"]),
            ("HEAD", .ok, nil, ["1 :status=200", "1 0 bytes END"]),
            ("GET", .noContent, "5", ["1 :status=204", "1 0 bytes END"]),
            ("GET", .notModified, "5", ["1 :status=304", "1 0 bytes END"]),
            // What a stream writes beyond its length is not sent.
            ("GET", .ok, "3", ["1 :status=200 content-length=3", "1 3 bytes", "1 0 bytes END"]),
            // 2 is INTERNAL_ERROR: the client must not take a part for the whole.
            ("GET", .ok, "9", ["1 :status=200 content-length=9", "1 RESET 2"]),
        ] as [(String, HTTPResponse.Status, String?, [String])])
    func anAnswerHasTheBodyThatItsHeadSays(
        method: String, status: HTTPResponse.Status, length: String?, expected: [String]
    ) throws {
        let connection = try TestHTTP2Connection()
        connection.ask(method)
        connection.answer(0, status, fields: length.map { [.contentLength: $0] } ?? [:], body: "hello")
        #expect(connection.received() == expected)
        let isLogged = length == "3" || length == "9"
        #expect(connection.log.warnings == (isLogged ? 1 : 0))
        #expect(connection.log.text.contains("than its Content-Length") == isLogged)
        connection.ask()
        connection.answer(1)
        #expect(connection.received() == ["3 :status=200", "3 0 bytes END"])
    }

    @Test func fieldsOfAnHTTP1ConnectionAreNotSent() throws {
        let connection = try TestHTTP2Connection()
        connection.ask()
        var fields: HTTPFields = [
            .connection: "close", .transferEncoding: "chunked", .upgrade: "h2c", .contentType: "text/plain",
        ]
        for name in ["Keep-Alive", "Proxy-Connection"].compactMap({ HTTPField.Name($0) }) { fields[name] = "x" }
        #expect(fields.count == 6)
        connection.answer(fields: fields)
        #expect(connection.received() == ["1 :status=200 content-type=text/plain", "1 0 bytes END"])
    }

    @Test func trailersFollowABodyOfUnknownLength() throws {
        let name = try #require(HTTPField.Name("X-Sum"))
        for (length, end) in [(nil, "1 x-sum=7 END"), ("5", "1 0 bytes END")] as [(String?, String)] {
            let connection = try TestHTTP2Connection()
            connection.ask()
            connection.streams[0].answer(
                .ok, fields: length.map { [.contentLength: $0] } ?? [:], body: "hello",
                trailers: [name: "7"])
            connection.exchange()
            #expect(connection.received().last == end)
        }
    }

    @Test func aRequestThatIsAnsweredEarlyNeedNotBeSent() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        connection.answer(0, .contentTooLarge)
        #expect(connection.received() == ["1 :status=413", "1 0 bytes END", "1 RESET 0"])
        connection.send("more", on: id)
        #expect(connection.isOpen)
        #expect(connection.streams[0].events.prefix(1) == ["POST /"])
        #expect(!connection.streams[0].events.contains("4 bytes"))
    }

    /// The end of an answer that waits for the client is not lost by that.
    @Test func anEarlyAnswerIsSentWhole() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        connection.answer(0, body: String(repeating: "x", count: 70_000))
        #expect(connection.received().last { $0.contains("RESET") } == nil)
        connection.send("more", on: id)
        #expect(connection.streams[0].events == ["POST /"])
        connection.send(.windowUpdate(windowSizeIncrement: 10_000))
        connection.send(.windowUpdate(windowSizeIncrement: 10_000), on: id)
        #expect(connection.received().suffix(2) == ["1 0 bytes END", "1 RESET 0"])
    }

    // MARK: - Bodies

    @Test func aBodyIsAskedForWhenItIsWanted() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", fields: [("expect", "100-Continue")], endStream: false)
        // The time for the body has not begun.
        connection.pass(1000)
        #expect(connection.streams[0].events == ["POST /"])
        for _ in 0..<2 { connection.streams[0].channel.pipeline.triggerUserOutboundEvent(BodyIsWanted(), promise: nil) }
        connection.exchange()
        #expect(connection.received() == ["1 :status=100"])
        connection.pass(19)
        connection.send("hello", on: id, endStream: true)
        connection.answer()
        #expect(connection.streams[0].events == ["POST /", "5 bytes", "end", "closed"])
        #expect(connection.received() == ["1 :status=200", "1 0 bytes END"])
    }

    @Test func aBodyThatIsWantedAndDoesNotComeIsLate() throws {
        let connection = try TestHTTP2Connection()
        connection.ask("POST", fields: [("expect", "100-continue")], endStream: false)
        connection.streams[0].channel.pipeline.triggerUserOutboundEvent(BodyIsWanted(), promise: nil)
        connection.pass(20)
        #expect(connection.streams[0].events == ["POST /", "RequestTimeout"])
    }

    @Test func anotherExpectationIsRefused() throws {
        let connection = try TestHTTP2Connection()
        connection.ask("POST", fields: [("expect", "100-continue, a-miracle")], endStream: false)
        #expect(connection.streams[0].events.first == "ChannelError")
        #expect(connection.received() == ["1 :status=417 content-length=0", "1 0 bytes END", "1 RESET 0"])
    }

    @Test func trailersOfARequestReachTheApplication() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        connection.send("hello", on: id)
        connection.send(.headers(.init(headers: HPACKHeaders([("x-sum", "7")]), endStream: true)), on: id)
        #expect(connection.streams[0].events == ["POST /", "5 bytes", "end [\"x-sum=7\"]"])
    }

    // MARK: - Heads

    private static func head(
        _ fields: [(String, String)], pseudo: [(String, String)] = [(":scheme", "https"), (":authority", "shop.test")]
    ) throws -> HTTPRequest? {
        let connection = try TestHTTP2Connection()
        connection.ask(fields: fields, pseudo: pseudo)
        return connection.streams.first?.head
    }

    @Test func theAuthorityIsTheHost() throws {
        let hostName = try #require(HTTPField.Name("Host"))
        let heads = [
            try Self.head([]), try Self.head([("host", "shop.test")]), try Self.head([("host", "SHOP.test")]),
            try Self.head([("host", "shop.test")], pseudo: [(":scheme", "https")]),
        ]
        for head in heads {
            #expect(head?.authority?.lowercased() == "shop.test")
            #expect(head?.headerFields.contains(hostName) == false)
        }
    }

    @Test func theHostMustBeATrustedOneAsOverHTTP1() throws {
        let address = try PublicAddress(trustedHosts: ["shop.test"], proxyFix: nil, baseURL: nil)
        let own = try #require(try Self.head([]))
        #expect(try address.visit(own, from: nil).base.host == "shop.test")
        #expect(address.isSecure(own))
        let others = [
            ([(":scheme", "https"), (":authority", "other.test")], RequestRefusal.untrustedHost),
            ([(":scheme", "https")], .missingHost), ([(":scheme", "https"), (":authority", "a@b")], .malformedHost),
        ]
        for (pseudo, refusal) in others {
            let head = try #require(try Self.head([], pseudo: pseudo))
            #expect(throws: refusal) { try address.visit(head, from: nil) }
        }
    }

    /// What the client says of the scheme is no reason to believe that the connection is insecure, or that it is not.
    @Test(arguments: ["https", "http", "ftp"]) func theSchemeIsThatOfTheConnection(scheme: String) throws {
        #expect(try Self.head([], pseudo: [(":scheme", scheme), (":authority", "a")])?.scheme == "https")
    }

    @Test func crumbsOfCookiesAreOne() throws {
        let head = try Self.head([("cookie", "a=1"), ("accept", "*/*"), ("cookie", "b=2"), ("cookie", "c=3; d=4")])
        #expect(head?.headerFields[.cookie] == "a=1; b=2; c=3; d=4")
    }

    /// RFC 9113, sections 8.1.1 to 8.3.1: the stream is reset, the application sees nothing, the connection goes on.
    @Test(
        arguments: [
            [("connection", "close")], [("keep-alive", "1")], [("proxy-connection", "close")], [("upgrade", "h2c")],
            [("transfer-encoding", "chunked")], [("te", "gzip")], [("a b", "1")],
            [("x", "a\r\nb: c")], [("x", "a\0")], [("host", "other.test")],
            [("host", "shop.test"), ("host", "shop.test")],
            [(":path", "/twice")], [("accept", "*/*"), (":late", "1")], [(":unknown", "1")], [(":status", "200")],
            [(":protocol", "websocket")], [("content-length", "5")], [("content-length", "-1")],
        ] as [[(String, String)]])
    func aMalformedHeadIsAnErrorOfItsStream(fields: [(String, String)]) throws {
        try Self.expectReset { connection in connection.ask(fields: fields) }
    }

    @Test(
        arguments: [
            ("GET", nil, [(":scheme", "https"), (":authority", "a")]), ("GET", "", [(":scheme", "https")]),
            ("GET", "/", []), ("G E T", "/", [(":scheme", "https")]), ("", "/", [(":scheme", "https")]),
            ("GET", "page", [(":scheme", "https"), (":authority", "a")]), ("GET", "*", [(":scheme", "https")]),
            ("GET", "https://a/", [(":scheme", "https")]),
            ("CONNECT", "/", [(":scheme", "https"), (":authority", "a")]),
            ("CONNECT", nil, []),
        ] as [(String, String?, [(String, String)])])
    func aMalformedTargetIsAnErrorOfItsStream(
        method: String, path: String?, pseudo: [(String, String)]
    ) throws {
        try Self.expectReset { connection in connection.ask(method, path, pseudo: pseudo) }
    }

    @Test func aLengthThatTheBodyDoesNotHaveIsAnErrorOfItsStream() throws {
        for (body, isReset) in [("12345", false), ("1234", true), ("123456", true)] {
            let connection = try TestHTTP2Connection()
            let id = connection.ask("POST", fields: [("content-length", "5")], endStream: false)
            connection.send(body, on: id, endStream: true)
            #expect(connection.received().contains("1 RESET 1") == isReset)
            #expect(connection.streams[0].events.contains("end") != isReset)
            #expect(connection.isOpen)
        }
    }

    @Test func malformedTrailersAreAnErrorOfTheirStream() throws {
        let connection = try TestHTTP2Connection()
        let id = connection.ask("POST", endStream: false)
        connection.send(.headers(.init(headers: HPACKHeaders([(":path", "/")]), endStream: true)), on: id)
        #expect(connection.received() == ["1 RESET 1"])
        #expect(!connection.streams[0].events.contains("end"))
        #expect(connection.isOpen)
    }

    private static func expectReset(_ ask: (TestHTTP2Connection) -> Void) throws {
        let connection = try TestHTTP2Connection()
        ask(connection)
        #expect(connection.received() == ["1 RESET 1"])
        #expect(connection.streams.allSatisfy { $0.head == nil })
        connection.ask("OPTIONS", "*")
        #expect(connection.streams.last?.events == ["OPTIONS *", "end"])
        #expect(connection.isOpen)
    }

    @Test func aTunnelIsNotSupported() throws {
        let connection = try TestHTTP2Connection()
        connection.ask("CONNECT", nil, pseudo: [(":authority", "other.test:443")], endStream: false)
        #expect(connection.received().first == "1 :status=501 content-length=0")
        #expect(connection.streams.allSatisfy { $0.head == nil })
    }

    // MARK: - Sizes

    private static let small = {
        var limits = ServerLimits.forTests
        limits.maximumHeaderSize = 1000
        return limits
    }()

    @Test func aHeadThatIsTooLargeIsRefused() throws {
        // The target, the authority, and the names and values of the fields.
        for (count, isRefused) in [(1000 - 1 - 9 - 1, false), (1000 - 1 - 9, true)] {
            let connection = try TestHTTP2Connection(Self.small)
            connection.ask(fields: [("x", String(repeating: "y", count: count))])
            #expect(connection.received() == (isRefused ? ["1 :status=431 content-length=0", "1 0 bytes END"] : []))
            #expect(connection.streams[0].head == nil || !isRefused)
        }
    }

    @Test func aHeadWithTooManyFieldsIsRefused() throws {
        for (count, isRefused) in [(1000, false), (1001, true)] {
            var limits = ServerLimits.forTests
            limits.maximumHeaderSize = 64 * 1024
            let connection = try TestHTTP2Connection(limits)
            connection.ask(fields: (0..<count).map { _ in ("x", "y") })
            #expect(connection.received().isEmpty == !isRefused)
            #expect((connection.streams.first?.head == nil) == isRefused)
        }
    }

    /// HPACK makes a large list of a few bytes: the decoder stops at the limit that the client was told.
    @Test func aHeadFarBeyondTheLimitEndsTheConnection() throws {
        let connection = try TestHTTP2Connection(Self.small)
        let field = ("x", String(repeating: "y", count: 900))
        connection.ask(fields: [(String, String)](repeating: field, count: 60))
        #expect(!connection.isOpen)
        #expect(connection.streams.isEmpty)
        #expect(connection.received().last?.hasPrefix("GOAWAY") == true)
    }

    @Test func manyFramesOfContinuationEndTheConnection() throws {
        let connection = try TestHTTP2Connection()
        connection.send(raw: [0, 0, 1, 1, 0x1, 0, 0, 0, 1, 0x82])
        for _ in 0..<20 where connection.isOpen { connection.send(raw: [0, 0, 0, 9, 0, 0, 0, 0, 1]) }
        #expect(!connection.isOpen)
        #expect(connection.streams.isEmpty)
    }
}
