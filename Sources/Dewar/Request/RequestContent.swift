// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1

/// The body of a request, read once, however many times it is asked for.
actor RequestContent {
    /// The request as Hummingbird gave it.
    nonisolated let request: HummingbirdCore.Request
    private let limits: FormLimits
    private var reading: Task<[UInt8], any Error>?
    private var parsed: FormData?

    init(_ request: HummingbirdCore.Request, limits: FormLimits) {
        self.request = request
        self.limits = limits
    }

    /// The whole body. When one task that asks for it is cancelled, the read stops for all tasks that wait.
    func bytes() async throws -> [UInt8] {
        let reading = self.reading ?? self.beginReading()
        return try await withTaskCancellationHandler {
            try await reading.value
        } onCancel: {
            reading.cancel()
        }
    }

    private func beginReading() -> Task<[UInt8], any Error> {
        let body = self.request.body
        let length = self.request.headers[.contentLength].flatMap { Int($0) }
        let limit = self.limits.maximumBody ?? .max
        let reading = Task { try await Self.read(body, length: length, limit: limit) }
        self.reading = reading
        return reading
    }

    /// A body whose `Content-Length` is above the limit is refused before a byte of it is read.
    private static func read(_ body: RequestBody, length: Int?, limit: Int) async throws -> [UInt8] {
        guard length ?? 0 <= limit else { throw FormTooLargeError(.body, limit: limit) }
        let bytes: ByteBuffer
        do {
            bytes = try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw FormTooLargeError(.body, limit: limit)
        } catch let error where error is HTTPParserError || error is ChannelError {
            throw HTTPException(.badRequest, "The request ended before its body did, or is malformed.")
        }
        // A cancelled stream just ends: without this check, a part of a body would look complete.
        try Task.checkCancellation()
        return Array(buffer: bytes)
    }

    func form() async throws -> FormData {
        if let parsed = self.parsed { return parsed }
        let form = try FormParser(limits: self.limits).parse(
            try await self.bytes(), contentType: self.request.headers[.contentType])
        self.parsed = form
        return form
    }
}
