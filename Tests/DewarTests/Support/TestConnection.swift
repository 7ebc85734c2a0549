// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import TestSupport

@testable import Dewar

/// One connection without a network, whose time a test moves. What the application would do the test does.
final class TestConnection {
    let channel = EmbeddedChannel()
    private let wire = Wire()
    private let application = Application()

    init(_ limits: ServerLimits = .forTests, connections: OpenConnections = OpenConnections(maximum: 10)) throws {
        let pipeline = self.channel.pipeline.syncOperations
        try AppChannel.addHandlers(
            to: pipeline, limits: limits, connections: connections, logger: LogRecorder().logger)
        try pipeline.addHandler(self.wire, position: .first)
        try pipeline.addHandler(self.application)
        try self.channel.connect(to: try SocketAddress(unixDomainSocketPath: "/client")).wait()
        self.channel.read()
    }

    // MARK: - The client

    /// Bytes of the client, after which the server asks for more, as it does while it is not busy.
    func send(_ text: String, isReadOn: Bool = true) throws {
        try self.channel.writeInbound(ByteBuffer(string: text))
        if isReadOn { self.channel.read() }
    }

    /// What the client has got since it looked last.
    func received() -> String {
        defer { self.wire.text = "" }
        return self.wire.text
    }

    /// The network takes nothing more until ``unblock()``: what is written waits in the channel.
    func block() {
        self.wire.isBlocked = true
    }

    func unblock() throws {
        self.wire.isBlocked = false
        self.channel.flush()
        while let bytes = try self.channel.readOutbound(as: ByteBuffer.self) { self.wire.text += String(buffer: bytes) }
    }

    func pass(_ seconds: Int64) {
        self.channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }

    var isOpen: Bool { self.channel.isActive }
    /// Whether the server has said that it sends nothing more.
    var isEnded: Bool { self.wire.isEnded || !self.isOpen }

    // MARK: - The application

    /// What has reached the application: requests by their paths, bytes of bodies, ends and errors.
    var events: [String] { self.application.events }
    /// Whether the application knows that the client sends no more.
    var isInputClosed: Bool { self.application.isInputClosed }

    func answer(_ status: HTTPResponse.Status = .ok, body: String? = "ok", headers: HTTPFields = [:]) {
        var head = HTTPResponse(status: status, headerFields: headers)
        if let body, !headers.contains(.contentLength) { head.headerFields[.contentLength] = "\(body.utf8.count)" }
        self.channel.write(HTTPResponsePart.head(head), promise: nil)
        self.channel.write(HTTPResponsePart.body(ByteBuffer(string: body ?? "stream")), promise: nil)
        self.channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
    }

    func wantBody() {
        self.channel.pipeline.triggerUserOutboundEvent(BodyIsWanted(), promise: nil)
    }

    /// How often the server has asked the socket for bytes.
    var readCount: Int { self.wire.readCount }

    private final class Wire: ChannelOutboundHandler {
        typealias OutboundIn = IOData
        typealias OutboundOut = ByteBuffer

        var text = ""
        var isEnded = false
        var isBlocked = false
        var readCount = 0

        func read(context: ChannelHandlerContext) {
            self.readCount += 1
            context.read()
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            guard case .byteBuffer(let bytes) = self.unwrapOutboundIn(data) else { return }
            guard !self.isBlocked else { return context.write(self.wrapOutboundOut(bytes), promise: promise) }
            self.text += String(buffer: bytes)
            promise?.succeed()
        }

        func flush(context: ChannelHandlerContext) {
            if !self.isBlocked { context.flush() }
        }

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            if case .output = mode {
                self.isEnded = true
                promise?.succeed()
            } else {
                context.close(mode: mode, promise: promise)
            }
        }
    }

    private final class Application: ChannelInboundHandler {
        typealias InboundIn = HTTPRequestPart

        var events: [String] = []
        var isInputClosed = false

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch self.unwrapInboundIn(data) {
            case .head(let head): self.events.append(head.path ?? "")
            case .body(let bytes): self.events.append("\(bytes.readableBytes) bytes")
            case .end: self.events.append("end")
            }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { self.isInputClosed = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.events.append("\(type(of: error))")
        }
    }
}

extension ServerLimits {
    /// A time of its own for each limit, so that a test shows which of them it was.
    static let forTests = {
        var limits = ServerLimits()
        limits.headTimeout = .seconds(10)
        limits.bodyTimeout = .seconds(20)
        limits.minimumBodyRate = 2
        limits.keepAliveTimeout = .seconds(40)
        limits.writeTimeout = .seconds(80)
        return limits
    }()
}
