// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HummingbirdCore
import NIOCore

/// Tells the handler of a connection, or of a stream, that the application wants the body of the request that it is
/// answering.
package struct BodyIsWanted: Sendable {
    package init() {}
}

/// A body that the client holds back until the server asks for it (`Expect: 100-continue`). The first read asks for it.
struct AnnouncedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let body: RequestBody
    let channel: any Channel

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var bytes: RequestBody.AsyncIterator
        fileprivate var channel: (any Channel)?

        mutating func next() async throws -> ByteBuffer? {
            if let channel = self.channel {
                self.channel = nil
                // If the connection is closed, the read below reports it.
                try? await channel.pipeline.triggerUserOutboundEvent(BodyIsWanted()).get()
            }
            return try await self.bytes.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(bytes: self.body.makeAsyncIterator(), channel: self.channel)
    }
}

extension HummingbirdCore.Request {
    /// The request. If the client holds the body back, the first read of the body asks for it.
    func announcingBody(on channel: any Channel) -> HummingbirdCore.Request {
        guard self.headers.contains(.expect) else { return self }
        var request = self
        request.body = RequestBody(asyncSequence: AnnouncedBody(body: self.body, channel: channel))
        return request
    }
}
