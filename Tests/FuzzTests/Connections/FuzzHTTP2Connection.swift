// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOEmbedded

@testable import Dewar
@testable import DewarTLS

/// An HTTP/2 connection without a network, whose client, application and time do what an input says.
final class FuzzHTTP2Connection: FuzzConnection {
    /// Fields in the form of HPACK: `:method`, `:scheme` and `:path`.
    private enum Fields {
        static let get: [UInt8] = [0x82, 0x87, 0x84]
        static let head: [UInt8] = [0x42, 4] + Array("HEAD".utf8) + [0x87, 0x84]
        static let post: [UInt8] = [0x83, 0x87, 0x84]
    }

    private let channel = EmbeddedChannel()
    private let wire = FuzzWire()
    private let opened: NIOLoopBoundBox<[FuzzHTTP2Application]>
    private var applications: [Int: FuzzHTTP2Application] = [:]
    private var client = FuzzHTTP2Client()
    private var nextStream = 1
    private var violation: String?

    init() throws {
        let opened = NIOLoopBoundBox([FuzzHTTP2Application](), eventLoop: self.channel.eventLoop)
        self.opened = opened
        try self.channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
        let app = AppChannel(
            responder: { _, _, _ in }, limits: FuzzSetting.serverLimits, connections: OpenConnections(maximum: 2),
            isSecure: true)
        let pipeline = self.channel.pipeline.syncOperations
        // The server's settings are written as soon as its handlers are there.
        try pipeline.addHandler(self.wire, position: .first)
        _ = try HTTP2Channel.addHandlers(
            to: pipeline, app: app, cutter: nil, opened: self.channel.eventLoop.now, running: RunningStreams(),
            logger: FuzzSetting.logger
        ) { stream in
            let application = try FuzzHTTP2Application(stream)
            opened.value.append(application)
            try stream.pipeline.syncOperations.addHandler(application)
            return stream
        }
        _ = try? self.channel.writeInbound(ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
        self.sendFrame(4, 0, 0, [])
    }

    /// The number's low half says what happens, and the high one which status an answer has, or that HEAD is asked for.
    func step(_ script: inout FuzzScript) {
        self.client.beginStep()
        let number = script.number()
        let status = FuzzGivenAnswer.statuses[number / 16 % FuzzGivenAnswer.statuses.count]
        switch number % 16 {
        case 0: self.sendFrame(script.number(), script.number(), script.number(), script.bytes())
        case 1: self.ask(number / 16 % 2 == 0 ? Fields.get : Fields.head, flags: 5)
        case 2: self.ask(Fields.post, flags: 4)
        case 3: self.ask(Fields.post + script.bytes(), flags: script.number())
        case 4: self.sendFrame(0, script.number(), script.number(), script.bytes())
        case 5: self.sendFrame(0, script.number() & 1, script.number(), [UInt8](repeating: 0x61, count: 16_384))
        case 6: self.sendFrame(8, 0, script.number(), [0, UInt8(script.number()), 0, 1])
        case 7: self.pass(script.number() % 100)
        case 8: self.application(script.number())?.respond(status, size: 2)
        case 9: self.application(script.number())?.respond(status, size: 80_000)
        case 10: self.application(script.number())?.respond(status, size: 2, length: 3)
        case 11: self.application(script.number())?.wantBody()
        case 12: self.wire.block(!self.wire.isBlocked)
        case 13: self.application(script.number())?.reads.toggle()
        case 14: self.event(script.number())
        default: self.send(script.bytes())
        }
        self.goOn()
    }

    func end() throws {
        self.wire.block(false)
        for _ in 0..<4 * FuzzSetting.longestTimeout {
            self.client.beginStep()
            for application in self.opened.value {
                application.reads = true
                application.respond(.ok, size: 2)
            }
            self.goOn()
            self.pass(1)
        }
        try require(!self.channel.isActive, "the connection stays open for ever")
        _ = try? self.channel.finish(acceptAlreadyClosed: true)
        self.takeWritten()
        if let violation { throw Violation(description: violation) }
        try require(!self.client.isInFrame, "the last frame has no end")
        for application in self.opened.value {
            if let violation = application.violation { throw Violation(description: violation) }
            try require(application.isClosed, "a stream outlives its connection")
            try require(
                !application.isAnswerDue || self.client.isAnswered(application.id),
                "the answer to stream \(application.id) is lost")
        }
    }

    // MARK: - The client

    private func send(_ bytes: [UInt8]) {
        let bytes = ByteBuffer(bytes: bytes)
        self.client.send(bytes)
        _ = try? self.channel.writeInbound(bytes)
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

    private func application(_ number: Int) -> FuzzHTTP2Application? {
        let all = self.opened.value
        return all.isEmpty ? nil : all[number % all.count]
    }

    // MARK: - Time and the network

    private func goOn() {
        for application in self.opened.value { application.goOn() }
        self.channel.flush()
        self.channel.embeddedEventLoop.run()
        self.takeWritten()
        while (try? self.channel.readOutbound(as: ByteBuffer.self)) != nil {}
    }

    /// The client gets what the server has written.
    private func takeWritten() {
        for application in self.opened.value.dropFirst(self.applications.count) {
            self.applications[application.id] = application
        }
        for bytes in self.wire.takeWritten() where self.violation == nil {
            do {
                try self.client.take(bytes, from: self.applications)
            } catch {
                self.violation = "\(error)"
            }
        }
    }

    private func pass(_ seconds: Int) {
        self.channel.embeddedEventLoop.advanceTime(by: .seconds(Int64(seconds)))
    }
}
