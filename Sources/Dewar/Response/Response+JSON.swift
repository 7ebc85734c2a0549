// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import HTTPTypes
import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Response {
    /// JSON with the given value (Flask's `jsonify`), its keys sorted and its dates written as Flask does it.
    ///
    /// ```swift
    /// app.get("/count") { request in
    ///     try Response(json: ["count": 1])
    /// }
    /// ```
    public init(json value: some Encodable, status: HTTPResponse.Status = .ok) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Seconds since 2001, which Foundation writes otherwise, mean nothing to a script.
        encoder.dateEncodingStrategy = .custom { date, encoder in try Self.encode(date, to: encoder) }
        self.init(
            status: status, headers: [.contentType: "application/json"], body: .bytes(Array(try encoder.encode(value))))
    }

    /// Writes `Thu, 29 Feb 2024 23:59:59 GMT`.
    private static func encode(_ date: Date, to encoder: any Encoder) throws {
        guard let text = HTTPDate.format(date) else {
            throw EncodingError.invalidValue(
                date,
                .init(codingPath: encoder.codingPath, debugDescription: "The date is outside of the years 1 to 9999."))
        }
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
