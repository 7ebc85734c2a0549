// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// Takes what a response body writes and keeps it.
struct BodyCollector: ResponseBodyWriter {
    private final class Storage: Sendable {
        let buffer = Mutex(ByteBuffer())
    }

    private let storage = Storage()

    static func bytes(of body: ResponseBody) async throws -> [UInt8] {
        let collector = BodyCollector()
        try await body.write(collector)
        return collector.storage.buffer.withLock { Array(buffer: $0) }
    }

    func write(_ buffer: ByteBuffer) {
        self.storage.buffer.withLock { _ = $0.writeImmutableBuffer(buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) {}
}
