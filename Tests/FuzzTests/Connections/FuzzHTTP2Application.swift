// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOHTTPTypes

@testable import Dewar

/// What stands in place of Hummingbird behind one stream, and knows in which order it must get what there is.
final class FuzzHTTP2Application: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    let id: Int
    var reads = true
    private(set) var violation: String?
    private(set) var isClosed = false
    /// Whether it has asked for the body.
    private(set) var wantsBody = false
    /// What it has answered.
    private(set) var answer: FuzzHTTP2Answer?
    /// Whether the stream was open then, so that the client has to get the answer.
    private(set) var isAnswerDue = false
    /// Nil when the stream is gone: nothing may hold it longer.
    private var channel: (any Channel)?
    private var request: HTTPRequest?
    private var isEnded = false

    init(_ channel: any Channel) throws {
        self.channel = channel
        let id = try channel.syncOptions?.getOption(HTTP2StreamChannelOptions.streamID) ?? .rootStream
        self.id = Int(id)
    }

    var hasRequest: Bool { self.request != nil }

    /// Whether the client holds its body back until it is asked for it.
    var awaitsContinue: Bool {
        self.request?.headerFields[values: .expect].contains { $0.lowercased().contains("100-continue") } == true
    }

    func read(context: ChannelHandlerContext) {
        if self.reads { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if self.isClosed { self.violation = "a part comes on a stream that is closed" }
        if self.isEnded { self.violation = "a part comes behind the end of its request" }
        switch Self.unwrapInboundIn(data) {
        case .head(let request):
            if self.hasRequest { self.violation = "a stream has two requests" }
            self.request = request
        case .body, .end:
            if !self.hasRequest { self.violation = "a part of a body comes without its request" }
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
        guard self.hasRequest else { return }
        self.wantsBody = true
        self.channel?.pipeline.triggerUserOutboundEvent(BodyIsWanted(), promise: nil)
    }

    /// Answers the request, if there is one without an answer.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - size: How many bytes the body has.
    ///   - length: How many it is announced to have; nil for no word of it.
    func respond(_ status: HTTPResponse.Status, size: Int, length: Int? = nil) {
        guard let request = self.request, self.answer == nil else { return }
        self.answer = Self.expected(for: request, status, size: size, length: length)
        guard let channel = self.channel else { return }
        self.isAnswerDue = channel.isActive
        let fields: HTTPFields = length.map { [.contentLength: "\($0)"] } ?? [:]
        channel.write(HTTPResponsePart.head(HTTPResponse(status: status, headerFields: fields)), promise: nil)
        let body = ByteBuffer(repeating: FuzzHTTP2Stream.letter(self.id), count: size)
        channel.write(HTTPResponsePart.body(body), promise: nil)
        channel.writeAndFlush(HTTPResponsePart.end(nil), promise: nil)
    }

    /// What the client has to get.
    private static func expected(
        for request: HTTPRequest, _ status: HTTPResponse.Status, size: Int, length: Int?
    ) -> FuzzHTTP2Answer {
        var answer = FuzzHTTP2Answer(fields: [":status": "\(status.code)"])
        let isEmpty = FuzzHTTP1Answer.isEmpty(status.code)
        if let length, !isEmpty { answer.fields["content-length"] = "\(length)" }
        if !isEmpty, request.method != .head {
            answer.size = min(size, length ?? size)
            answer.isShort = size < length ?? 0
        }
        return answer
    }
}
