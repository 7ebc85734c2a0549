// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOHTTP1
import NIOHTTPTypesHTTP1

extension HTTPRequest {
    /// The head of a request as Hummingbird takes it. The first `Host` field becomes its authority.
    ///
    /// - Throws: An error for a method that is none.
    init(_ head: HTTPRequestHead, isSecure: Bool) throws {
        // The library asks Foundation whether the target is a URL, which costs more than all the rest.
        guard head.uri.utf8.first == UInt8(ascii: "/") else {
            self = try HTTPRequest(head, secure: isSecure, splitCookie: false)
            return
        }
        var host: String?
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        for (name, value) in head.headers {
            if host == nil, name.utf8.count == 4, name.lowercased() == "host" {
                host = value
            } else if let name = HTTPField.Name(name) {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        self.init(
            method: try Method(head.method), scheme: isSecure ? "https" : "http", authority: host, path: head.uri,
            headerFields: fields)
    }
}
