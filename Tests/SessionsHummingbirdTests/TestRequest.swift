// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import SessionsHummingbird

extension Request {
    /// `GET /` with nothing in it.
    static var test: Request {
        Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "localhost", path: "/"),
            body: RequestBody(buffer: ByteBuffer()))
    }
}

extension BasicSessionRequestContext {
    /// A context that no middleware has touched.
    static var test: BasicSessionRequestContext {
        BasicSessionRequestContext(
            source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
    }
}
