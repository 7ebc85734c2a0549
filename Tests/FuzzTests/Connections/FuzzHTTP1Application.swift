// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

@testable import Dewar

/// What stands in place of Hummingbird, and knows in which order it must get what there is.
final class FuzzHTTP1Application: ChannelInboundHandler {
    typealias InboundIn = HTTPRequestPart

    var reads = true
    /// The request that waits for its answer.
    private(set) var request: FuzzHTTP1Request?
    private(set) var heads = 0
    private(set) var violation: String?
    private let decoded: FuzzDecodedRequests
    private var isBodyAhead = false
    private var received = 0

    init(_ decoded: FuzzDecodedRequests) {
        self.decoded = decoded
    }

    /// The request that waits for its answer, and waits no longer.
    func takeRequest() -> FuzzHTTP1Request? {
        defer { self.request = nil }
        return self.request
    }

    /// The application reads the body.
    ///
    /// - Returns: Whether the client must now be told to send it.
    func wantsBody() -> Bool {
        defer { self.request?.bodyIsAskedFor() }
        return self.request?.awaitsContinue == true
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): self.begin(head)
        case .body(let bytes):
            if !self.isBodyAhead { self.violation = "a part of a body comes without its request" }
            self.received += bytes.readableBytes
            self.request?.bodyArrived(bytes.readableBytes)
        case .end:
            if !self.isBodyAhead { self.violation = "a part of a body comes without its request" }
            self.isBodyAhead = false
            self.request?.ended()
            if self.received != self.decoded.length(ofBody: self.heads - 1) {
                self.violation = "a body ends that is not whole"
            }
        }
    }

    private func begin(_ head: HTTPRequest) {
        if self.request != nil { self.violation = "a request comes before the one before it is answered" }
        if self.isBodyAhead { self.violation = "a request comes before the end of the one before it" }
        (self.isBodyAhead, self.received) = (true, 0)
        self.heads += 1
        guard let sent = self.decoded.head(self.heads - 1), sent.method.rawValue == head.method.rawValue else {
            self.violation = "the application gets another request than the next one"
            return
        }
        if FuzzHTTP1Request.expectsUnknown(sent) { self.violation = "a request comes that had to be refused" }
        self.request = FuzzHTTP1Request(sent)
    }

    /// The body of the request is late or malformed, so that the rest of it is not read.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError || error is RequestTimeout { self.request?.failed() }
    }
}

/// Sees the requests as they are decoded: with the version of HTTP, which the application does not get, and before the
/// server holds any of them back.
final class FuzzDecodedRequests: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var requests: [(head: HTTPRequestHead, length: Int)] = []

    func head(_ number: Int) -> HTTPRequestHead? {
        self.requests.indices.contains(number) ? self.requests[number].head : nil
    }

    /// How many bytes of a request's body have come.
    func length(ofBody number: Int) -> Int? {
        self.requests.indices.contains(number) ? self.requests[number].length : nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head): self.requests.append((head, 0))
        case .body(let bytes):
            if let last = self.requests.indices.last { self.requests[last].length += bytes.readableBytes }
        case .end: break
        }
        context.fireChannelRead(data)
    }
}
