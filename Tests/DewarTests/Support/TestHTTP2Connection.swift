// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHPACK
import NIOHTTP2
import NIOHTTPTypes
import TestSupport

@testable import Dewar
@testable import DewarTLS

/// One HTTP/2 connection without a network, whose time a test moves. The client is NIO's, and sends what it is told to,
/// valid or not; a silent one sends only the bytes that a test gives. What the application would do the test does.
final class TestHTTP2Connection {
    let channel = EmbeddedChannel()
    let log = LogRecorder()
    private let client = EmbeddedChannel()
    private let wire = TestWire()
    private let clientWire = TestWire()
    private let opened: NIOLoopBoundBox<[TestStream]>
    private var nextID: HTTP2StreamID = 1

    init(
        _ limits: ServerLimits = .forTests, connections: OpenConnections = OpenConnections(maximum: 10),
        running: RunningStreams = RunningStreams(), isClientSilent: Bool = false
    ) throws {
        let opened = NIOLoopBoundBox([TestStream](), eventLoop: self.channel.eventLoop)
        self.opened = opened
        try self.channel.connect(to: try SocketAddress(unixDomainSocketPath: "/client")).wait()
        try self.client.connect(to: try SocketAddress(unixDomainSocketPath: "/server")).wait()
        let app = AppChannel(
            responder: { _, _, _ in }, limits: limits, connections: connections, isSecure: true)
        let pipeline = self.channel.pipeline.syncOperations
        try pipeline.addHandler(self.wire, position: .first)
        _ = try HTTP2Channel.addHandlers(
            to: pipeline, app: app, cutter: nil, opened: self.channel.eventLoop.now, running: running,
            logger: self.log.logger
        ) { stream in
            let application = TestStream(stream)
            opened.value.append(application)
            try stream.pipeline.syncOperations.addHandler(application)
            return stream
        }
        // The meter stands next to the network.
        try pipeline.removeHandler(self.wire).wait()
        try pipeline.addHandler(self.wire, position: .first)
        guard !isClientSilent else { return }
        let clientPipeline = self.client.pipeline.syncOperations
        try clientPipeline.addHandler(self.clientWire)
        try clientPipeline.addHandler(
            NIOHTTP2Handler(mode: .client, headerBlockValidation: .disabled, contentLengthValidation: .disabled))
        self.exchange()
    }

    // MARK: - The network

    /// Moves what both have written to the other, until there is nothing.
    func exchange() {
        var isMoving = true
        while isMoving {
            isMoving = false
            for bytes in self.clientWire.takeAll() where self.channel.isActive {
                _ = try? self.channel.writeInbound(bytes)
                isMoving = true
            }
            for bytes in self.wire.takeAll() {
                _ = try? self.client.writeInbound(bytes)
                isMoving = true
            }
            self.channel.embeddedEventLoop.run()
        }
    }

    /// Bytes of a client that are perhaps no frames.
    func send(raw bytes: [UInt8]) {
        _ = try? self.channel.writeInbound(ByteBuffer(bytes: bytes))
        self.exchange()
    }

    /// The network takes nothing more of the server until ``unblock()``.
    func block() {
        self.wire.isBlocked = true
    }

    func unblock() {
        self.wire.release()
        while let bytes = try? self.channel.readOutbound(as: ByteBuffer.self) { self.wire.put(bytes) }
        self.wire.isBlocked = false
        self.channel.flush()
        self.exchange()
    }

    func pass(_ seconds: Int64) {
        self.pass(.seconds(seconds))
    }

    func pass(_ time: TimeAmount) {
        self.channel.embeddedEventLoop.advanceTime(by: time)
        self.exchange()
    }

    var isOpen: Bool { self.channel.isActive }

    // MARK: - The client

    /// Sends the head of a request, and what else belongs to it.
    @discardableResult
    func ask(
        _ method: String = "GET", _ path: String? = "/", fields: [(String, String)] = [],
        pseudo: [(String, String)] = [(":scheme", "https"), (":authority", "shop.test")], endStream: Bool = true
    ) -> HTTP2StreamID {
        defer { self.nextID = self.nextID.advanced(by: 2) }
        let head = [(":method", method)] + (path.map { [(":path", $0)] } ?? []) + pseudo + fields
        let headers = HTTP2Frame.FramePayload.Headers(headers: HPACKHeaders(head), endStream: endStream)
        self.send(.headers(headers), on: self.nextID)
        return self.nextID
    }

    func send(_ payload: HTTP2Frame.FramePayload, on id: HTTP2StreamID = .rootStream) {
        self.client.writeAndFlush(HTTP2Frame(streamID: id, payload: payload), promise: nil)
        self.exchange()
    }

    func send(_ text: String, on id: HTTP2StreamID, endStream: Bool = false) {
        self.send(.data(.init(data: .byteBuffer(ByteBuffer(string: text)), endStream: endStream)), on: id)
    }

    /// What the client has got since it looked last, a line for each frame that is about a request or the end.
    func received() -> [String] {
        var lines: [String] = []
        while let frame = try? self.client.readInbound(as: HTTP2Frame.self) {
            if let line = Self.line(of: frame) { lines.append(line) }
        }
        return lines
    }

    private static func line(of frame: HTTP2Frame) -> String? {
        let id = Int(frame.streamID)
        switch frame.payload {
        case .headers(let head):
            let fields = head.headers.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
            return "\(id) \(fields)\(head.endStream ? " END" : "")"
        case .data(let data): return "\(id) \(data.data.readableBytes) bytes\(data.endStream ? " END" : "")"
        case .rstStream(let code): return "\(id) RESET \(code.networkCode)"
        case .goAway(let last, let code, _): return "GOAWAY \(Int(last)) \(code.networkCode)"
        default: return nil
        }
    }

    // MARK: - The application

    /// The streams that have reached the application, in their order.
    var streams: [TestStream] { self.opened.value }

    func answer(_ number: Int = 0, _ status: HTTPResponse.Status = .ok, fields: HTTPFields = [:], body: String? = nil) {
        self.streams[number].answer(status, fields: fields, body: body)
        self.exchange()
    }
}

/// What stands in place of the application behind one stream.
final class TestStream: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    let channel: any Channel
    /// Requests by their methods and paths, bytes of bodies, ends and errors.
    private(set) var events: [String] = []
    private(set) var head: HTTPRequest?
    /// Whether the application leaves what comes unread.
    var readsNothing = false

    init(_ channel: any Channel) {
        self.channel = channel
    }

    func read(context: ChannelHandlerContext) {
        if !self.readsNothing { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.events.append("\(head.method.rawValue) \(head.path ?? "")")
        case .body(let bytes): self.events.append("\(bytes.readableBytes) bytes")
        case .end(let trailers):
            self.events.append(trailers.map { "end \($0.map { "\($0.name.rawName)=\($0.value)" })" } ?? "end")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.events.append("\(type(of: error))")
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.events.append("closed")
    }

    func answer(_ status: HTTPResponse.Status, fields: HTTPFields, body: String?, trailers: HTTPFields? = nil) {
        self.channel.write(HTTPResponsePart.head(HTTPResponse(status: status, headerFields: fields)), promise: nil)
        if let body { self.channel.write(HTTPResponsePart.body(ByteBuffer(string: body)), promise: nil) }
        self.channel.writeAndFlush(HTTPResponsePart.end(trailers), promise: nil)
    }
}

/// Where a channel meets the network.
final class TestWire: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    var isBlocked = false
    private var written: [ByteBuffer] = []
    private var context: ChannelHandlerContext?

    func takeAll() -> [ByteBuffer] {
        defer { self.written = [] }
        return self.written
    }

    func put(_ bytes: ByteBuffer) {
        self.written.append(bytes)
    }

    /// Lets go on what has waited.
    func release() {
        self.context?.flush()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .byteBuffer(let bytes) = self.unwrapOutboundIn(data) else { return }
        guard !self.isBlocked else { return context.write(self.wrapOutboundOut(bytes), promise: promise) }
        self.written.append(bytes)
        promise?.succeed()
    }

    func flush(context: ChannelHandlerContext) {
        if !self.isBlocked { context.flush() }
    }
}
