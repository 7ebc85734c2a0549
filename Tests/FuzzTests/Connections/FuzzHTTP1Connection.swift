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
    private let decoded = FuzzDecodedRequests()
    private let application: FuzzHTTP1Application
    private var transcript = FuzzHTTP1Transcript()
    /// How many bytes the network has taken.
    private var sent = 0
    private var isStopping = false

    init() throws {
        self.application = FuzzHTTP1Application(self.decoded)
        let pipeline = self.channel.pipeline.syncOperations
        try AppChannel.addHandlers(
            to: pipeline, limits: FuzzSetting.serverLimits, connections: OpenConnections(maximum: 2),
            logger: FuzzSetting.logger)
        let exchanges = try pipeline.handler(type: ExchangeHandler.self)
        try pipeline.addHandler(
            self.decoded, position: ChannelPipeline.SynchronousOperations.Position.before(exchanges))
        try pipeline.addHandler(self.wire, position: .first)
        try pipeline.addHandler(self.application)
        try self.channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
        self.channel.read()
    }

    /// The number's low half says what happens, and the high one which status an answer has.
    func step(_ script: inout FuzzScript) {
        let number = script.number()
        let status = FuzzGivenAnswer.statuses[number / 16 % FuzzGivenAnswer.statuses.count]
        switch number % 16 {
        case 0...4: _ = try? self.channel.writeInbound(ByteBuffer(bytes: script.bytes()))
        case 5: self.pass(script.number() % 100)
        case 6: self.answer(FuzzGivenAnswer(status, length: 2))
        case 7: self.answer(FuzzGivenAnswer(status))
        case 8: self.answer(FuzzGivenAnswer(status, length: 3))
        case 9: self.answer(FuzzGivenAnswer(status, length: 1, closes: true))
        case 10: self.wantBody()
        case 11: self.wire.block(!self.wire.isBlocked)
        case 12: self.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case 13: self.stop()
        case 14: self.channel.pipeline.fireUserInboundEventTriggered(OpenConnections.MakeRoom())
        default: self.application.reads.toggle()
        }
        self.goOn()
    }

    func end() throws {
        self.wire.block(false)
        self.application.reads = true
        // Each request that waits behind another one is answered, too.
        for _ in 0..<20 * FuzzSetting.longestTimeout where self.channel.isActive {
            self.answer(FuzzGivenAnswer(.ok, length: 2))
            self.goOn()
            self.pass(1)
        }
        try require(!self.channel.isActive, "the connection stays open for ever")
        _ = try? self.channel.finish(acceptAlreadyClosed: true)
        if let violation = self.application.violation { throw Violation(description: violation) }
        self.takeWritten()
        try self.transcript.check(refused: self.decoded.head(self.application.heads))
    }

    // MARK: - The application

    private func answer(_ answer: FuzzGivenAnswer) {
        guard let request = self.application.takeRequest() else { return }
        if self.channel.isActive {
            self.transcript.answers(request, with: answer, isStopping: self.isStopping)
        }
        self.channel.write(HTTPResponsePart.head(answer.head), promise: nil)
        self.channel.write(
            HTTPResponsePart.body(ByteBuffer(bytes: FuzzGivenAnswer.body(self.transcript.count))), promise: nil)
        self.channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
    }

    private func wantBody() {
        guard self.application.request != nil else { return }
        if self.application.wantsBody(), self.channel.isActive { self.transcript.asksForBody() }
        self.channel.pipeline.triggerUserOutboundEvent(BodyIsWanted(), promise: nil)
    }

    private func stop() {
        self.isStopping = true
        self.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    // MARK: - Time and the network

    private func goOn() {
        if self.application.reads { self.channel.read() }
        self.channel.embeddedEventLoop.run()
        self.takeWritten()
        while let bytes = try? self.channel.readOutbound(as: ByteBuffer.self) { self.sent += bytes.readableBytes }
        if self.channel.isActive, !self.wire.isBlocked, self.sent < self.transcript.written.count {
            self.transcript.fail("bytes are written, and nothing sends them")
        }
    }

    private func takeWritten() {
        for bytes in self.wire.takeWritten() { self.transcript.written += bytes.readableBytesView }
    }

    private func pass(_ seconds: Int) {
        self.channel.embeddedEventLoop.advanceTime(by: .seconds(Int64(seconds)))
    }
}
