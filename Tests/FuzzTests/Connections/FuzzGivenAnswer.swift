// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes

/// An answer of the fuzzer's application over HTTP/1, with a body of two bytes.
struct FuzzGivenAnswer {
    static let statuses: [HTTPResponse.Status] = [.ok, .noContent, .notModified, .notFound]

    let status: HTTPResponse.Status
    /// The length that it announces, which may be another one than it has.
    let length: Int?
    /// Whether it ends the connection itself.
    let closes: Bool

    init(_ status: HTTPResponse.Status, length: Int? = nil, closes: Bool = false) {
        self.status = status
        self.length = length
        self.closes = closes
    }

    var head: HTTPResponse {
        var head = HTTPResponse(status: self.status)
        if let length { head.headerFields[.contentLength] = "\(length)" }
        if self.closes { head.headerFields[.connection] = "close" }
        return head
    }

    /// The body of an answer by its number: another one than those of the answers around it.
    static func body(_ number: Int) -> [UInt8] {
        [UInt8(0x61 + number % 26), UInt8(0x41 + number / 26 % 26)]
    }
}
