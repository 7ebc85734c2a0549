// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

extension ResponseBody {
    /// The body, which ends even if the closure that writes it returns without `finish`. Otherwise the client would
    /// wait for the rest.
    var ended: ResponseBody {
        ResponseBody(contentLength: self.contentLength) { writer in
            let observer = EndObserver(writer: writer)
            try await self.write(observer)
            if !observer.hasEnded { try await writer.finish(nil) }
        }
    }
}

/// Hands on what is written, and remembers whether the end was written.
private struct EndObserver: ResponseBodyWriter {
    private final class Flag: Sendable {
        let isSet = Mutex(false)
    }

    private var writer: any ResponseBodyWriter
    private let flag = Flag()

    init(writer: any ResponseBodyWriter) {
        self.writer = writer
    }

    var hasEnded: Bool { self.flag.isSet.withLock { $0 } }

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await self.writer.write(buffer)
    }

    mutating func write(contentsOf buffers: some Sequence<ByteBuffer>) async throws {
        try await self.writer.write(contentsOf: buffers)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {
        self.flag.isSet.withLock { $0 = true }
        try await self.writer.finish(trailingHeaders)
    }
}
