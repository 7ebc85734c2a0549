// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Response {
    /// JSON with the given value (Flask's `jsonify`), its keys sorted as Flask sorts them.
    ///
    /// ```swift
    /// app.get("/count") { request in
    ///     try Response(json: ["count": 1])
    /// }
    /// ```
    public init(json value: some Encodable, status: HTTPResponse.Status = .ok) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(
            status: status, headers: [.contentType: "application/json"], body: .bytes(Array(try encoder.encode(value))))
    }
}
