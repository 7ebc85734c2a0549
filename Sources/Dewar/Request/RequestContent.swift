// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import HummingbirdCore
import NIOCore

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

    func bytes() async throws -> [UInt8] {
        if let reading = self.reading { return try await reading.value }
        let source = self.request.body
        let limit = self.limits.maximumBody ?? .max
        let reading = Task { () async throws -> [UInt8] in
            do {
                return Array(buffer: try await source.collect(upTo: limit))
            } catch is NIOTooManyBytesError {
                throw FormTooLargeError(limit: .body(limit))
            }
        }
        self.reading = reading
        return try await reading.value
    }

    func form() async throws -> FormData {
        if let parsed = self.parsed { return parsed }
        let form = try FormParser(limits: self.limits).parse(
            try await self.bytes(), contentType: self.request.headers[.contentType])
        self.parsed = form
        return form
    }
}
