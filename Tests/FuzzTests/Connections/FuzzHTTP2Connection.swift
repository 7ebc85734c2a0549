// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes

@testable import Dewar
@testable import DewarTLS

/// An HTTP/2 connection without a network, whose client, application and time do what an input says.
final class FuzzHTTP2Connection: FuzzConnection {
    private let channel = EmbeddedChannel()
    private let wire = FuzzWire()
    private let opened: NIOLoopBoundBox<[Application]>
    private var nextStream = 1

    init() throws {
        let opened = NIOLoopBoundBox([Application](), eventLoop: self.channel.eventLoop)
        self.opened = opened
        try self.channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
        let app = AppChannel(
            responder: { _, _, _ in }, limits: FuzzSetting.serverLimits, connections: OpenConnections(maximum: 2),
            isSecure: true)
        let pipeline = self.channel.pipeline.syncOperations
        _ = try HTTP2Channel.addHandlers(
            to: pipeline, app: app, cutter: nil, opened: self.channel.eventLoop.now, running: RunningStreams(),
            logger: FuzzSetting.logger
        ) { stream in
            let application = Application(stream)
            opened.value.append(application)
            try stream.pipeline.syncOperations.addHandler(application)
            return stream
        }
        try pipeline.addHandler(self.wire, position: .first)
        self.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8))
        self.sendFrame(4, 0, 0, [])
    }

    func step(_ script: inout FuzzScript) {
        switch script.number() % 16 {
        case 0: self.sendFrame(script.number(), script.number(), script.number(), script.bytes())
        case 1: self.ask([0x82, 0x87, 0x84], flags: 5)
        case 2: self.ask([0x83, 0x87, 0x84], flags: 4)
        case 3: self.ask([0x83, 0x87, 0x84] + script.bytes(), flags: script.number())
        case 4: self.sendFrame(0, script.number(), script.number(), script.bytes())
        case 5: self.sendFrame(0, script.number() & 1, script.number(), [UInt8](repeating: 0x61, count: 16_384))
        case 6: self.sendFrame(8, 0, script.number(), [0, UInt8(script.number()), 0, 1])
        case 7: self.pass(script.number() % 100)
        case 8: self.answer(script.number(), size: 2)
        case 9: self.answer(script.number(), size: 80_000)
        case 10: self.answer(script.number(), size: 2, length: "3")
        case 11: self.application(script.number())?.wantBody()
        case 12: self.wire.isBlocked.toggle()
        case 13: self.application(script.number())?.reads.toggle()
        case 14: self.event(script.number())
        default: self.send(script.bytes())
        }
        self.goOn()
    }

    func end() throws {
        self.wire.isBlocked = false
        for _ in 0..<4 * FuzzSetting.longestTimeout {
            for number in self.opened.value.indices {
                self.opened.value[number].reads = true
                self.answer(number, size: 2)
            }
            self.goOn()
            self.pass(1)
        }
        try require(!self.channel.isActive, "the connection stays open for ever")
        _ = try? self.channel.finish(acceptAlreadyClosed: true)
        for application in self.opened.value {
            if let violation = application.violation { throw Violation(description: violation) }
            try require(application.isClosed, "a stream outlives its connection")
        }
    }

    // MARK: - The client

    private func send(_ bytes: [UInt8]) {
        _ = try? self.channel.writeInbound(ByteBuffer(bytes: bytes))
    }

    private func sendFrame(_ kind: Int, _ flags: Int, _ stream: Int, _ payload: [UInt8]) {
        let head = [payload.count >> 16, payload.count >> 8, payload.count, kind, flags, 0, 0, 0, stream]
        self.send(head.map { UInt8(truncatingIfNeeded: $0) } + payload)
    }

    /// Opens a stream; fields are in the form of HPACK.
    private func ask(_ fields: [UInt8], flags: Int) {
        self.sendFrame(1, flags, self.nextStream, fields + [0x41, 1, 0x61])
        self.nextStream = min(self.nextStream + 2, 255)
    }

    private func event(_ number: Int) {
        let pipeline = self.channel.pipeline
        switch number % 3 {
        case 0: pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        case 1: pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        default: pipeline.fireUserInboundEventTriggered(OpenConnections.MakeRoom())
        }
    }

    // MARK: - The application

    private func application(_ number: Int) -> Application? {
        let all = self.opened.value
        return all.isEmpty ? nil : all[number % all.count]
    }

    private func answer(_ number: Int, size: Int, length: String? = nil) {
        self.application(number)?.answer(size: size, length: length)
    }

    // MARK: - Time and the network

    private func goOn() {
        for application in self.opened.value { application.goOn() }
        self.channel.flush()
        self.channel.embeddedEventLoop.run()
        while (try? self.channel.readOutbound(as: ByteBuffer.self)) != nil {}
    }

    private func pass(_ seconds: Int) {
        self.channel.embeddedEventLoop.advanceTime(by: .seconds(Int64(seconds)))
    }

    /// What stands in place of Hummingbird behind one stream, and knows in which order it must get what there is.
    private final class Application: ChannelDuplexHandler {
        typealias InboundIn = HTTPRequestPart
        typealias OutboundIn = HTTPResponsePart
        typealias OutboundOut = HTTPResponsePart

        var reads = true
        private(set) var violation: String?
        private(set) var isClosed = false
        /// Nil when the stream is gone: nothing may hold it longer.
        private var channel: (any Channel)?
        private var hasHead = false
        private var isEnded = false
        private var isAnswered = false

        init(_ channel: any Channel) {
            self.channel = channel
        }

        func read(context: ChannelHandlerContext) {
            if self.reads { context.read() }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if self.isClosed { self.violation = "a part comes on a stream that is closed" }
            if self.isEnded { self.violation = "a part comes behind the end of its request" }
            switch Self.unwrapInboundIn(data) {
            case .head:
                if self.hasHead { self.violation = "a stream has two requests" }
                self.hasHead = true
            case .body, .end:
                if !self.hasHead { self.violation = "a part of a body comes without its request" }
                if case .end = Self.unwrapInboundIn(data) { self.isEnded = true }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            self.isClosed = true
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {}

        func handlerRemoved(context: ChannelHandlerContext) {
            self.channel = nil
        }

        func goOn() {
            if self.reads { self.channel?.read() }
        }

        func wantBody() {
            if self.hasHead { self.channel?.pipeline.triggerUserOutboundEvent(BodyIsWanted(), promise: nil) }
        }

        func answer(size: Int, length: String?) {
            guard self.hasHead, !self.isAnswered else { return }
            self.isAnswered = true
            guard let channel = self.channel else { return }
            let head = HTTPResponse(status: .ok, headerFields: length.map { [.contentLength: $0] } ?? [:])
            let body = ByteBuffer(repeating: 0x61, count: size)
            channel.write(HTTPResponsePart.head(head), promise: nil)
            channel.write(HTTPResponsePart.body(body), promise: nil)
            channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
        }
    }
}
