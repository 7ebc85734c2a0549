// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes

@testable import Dewar

/// An HTTP/1 connection without a network, whose client, application and time do what an input says.
final class FuzzHTTP1Connection: FuzzConnection {
    private let channel = EmbeddedChannel()
    private let wire = FuzzWire()
    private var received = ""
    private let application = Application()

    init() throws {
        let pipeline = self.channel.pipeline.syncOperations
        try AppChannel.addHandlers(
            to: pipeline, limits: FuzzSetting.serverLimits, connections: OpenConnections(maximum: 2),
            logger: FuzzSetting.logger)
        try pipeline.addHandler(self.wire, position: .first)
        try pipeline.addHandler(self.application)
        try self.channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
        self.channel.read()
    }

    func step(_ script: inout FuzzScript) {
        switch script.number() % 16 {
        case 0...4: _ = try? self.channel.writeInbound(ByteBuffer(bytes: script.bytes()))
        case 5: self.pass(script.number() % 100)
        case 6: self.answer(["content-length": "2"], "ok")
        case 7: self.answer([:], "ok")
        case 8: self.answer(["content-length": "3"], "ok")
        case 9: self.answer(["connection": "close", "content-length": "1"], "ok")
        case 10: self.wantBody()
        case 11: self.wire.isBlocked.toggle()
        case 12: self.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case 13: self.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        case 14: self.channel.pipeline.fireUserInboundEventTriggered(OpenConnections.MakeRoom())
        default: self.application.reads.toggle()
        }
        self.goOn()
    }

    func end() throws {
        self.wire.isBlocked = false
        self.application.reads = true
        // Each request that waits behind another one is answered, too.
        for _ in 0..<20 * FuzzSetting.longestTimeout where self.channel.isActive {
            self.answer(["content-length": "2"], "ok")
            self.goOn()
            self.pass(1)
        }
        try require(!self.channel.isActive, "the connection stays open for ever")
        _ = try? self.channel.finish(acceptAlreadyClosed: true)
        if let violation = self.application.violation { throw Violation(description: violation) }
        let written = self.received.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).count - 1
        // An answer for each request, a "100 Continue" before it, and one that the server gives itself at the end.
        try require(written <= 2 * self.application.heads + 1, "more answers than requests")
    }

    private func answer(_ fields: [String: String], _ body: String) {
        guard self.application.isRequestOpen else { return }
        self.application.isRequestOpen = false
        var head = HTTPResponse(status: .ok)
        for (text, value) in fields {
            if let name = HTTPField.Name(text) { head.headerFields[name] = value }
        }
        self.channel.write(HTTPResponsePart.head(head), promise: nil)
        self.channel.write(HTTPResponsePart.body(ByteBuffer(string: body)), promise: nil)
        self.channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
    }

    private func wantBody() {
        guard self.application.isRequestOpen else { return }
        self.channel.pipeline.triggerUserOutboundEvent(BodyIsWanted(), promise: nil)
    }

    private func goOn() {
        if self.application.reads { self.channel.read() }
        self.channel.flush()
        self.channel.embeddedEventLoop.run()
        while let bytes = try? self.channel.readOutbound(as: ByteBuffer.self) {
            self.received += String(buffer: bytes)
        }
    }

    private func pass(_ seconds: Int) {
        self.channel.embeddedEventLoop.advanceTime(by: .seconds(Int64(seconds)))
    }

    /// What stands in place of Hummingbird, and knows in which order it must get what there is.
    private final class Application: ChannelInboundHandler {
        typealias InboundIn = HTTPRequestPart

        var reads = true
        /// Whether a request waits for its answer.
        var isRequestOpen = false
        private(set) var heads = 0
        private(set) var violation: String?
        private var isBodyAhead = false

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch Self.unwrapInboundIn(data) {
            case .head:
                if self.isRequestOpen { self.violation = "a request comes before the one before it is answered" }
                if self.isBodyAhead { self.violation = "a request comes before the end of the one before it" }
                (self.isRequestOpen, self.isBodyAhead) = (true, true)
                self.heads += 1
            case .body, .end:
                if !self.isBodyAhead { self.violation = "a part of a body comes without its request" }
                if case .end = Self.unwrapInboundIn(data) { self.isBodyAhead = false }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }
}
