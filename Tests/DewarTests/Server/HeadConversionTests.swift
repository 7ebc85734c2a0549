// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import NIOHTTP1
import NIOHTTPTypesHTTP1
import Testing

@testable import Dewar

/// The head of a request becomes what NIO's own conversion makes of it.
@Suite struct HeadConversionTests {
    @Test(
        arguments: [
            "/", "/a/b?c=d&e=/f#g", "//host/path", "/http://host/", "/a:b", "/%zz", "/\u{e9}", "*", "host:443",
            "mailto:a", "ftp://host/path?query",
        ], [true, false])
    func everyTargetIsConvertedAsNIODoes(target: String, isSecure: Bool) throws {
        let fields: HTTPHeaders = ["Accept": "*/*", "host": "a.example", "Cookie": "a=1; b=2", "HOST": "b.example"]
        let head = HTTPRequestHead(version: .http1_1, method: .PATCH, uri: target, headers: fields)
        let request = try HTTPRequest(head, isSecure: isSecure)
        let expected = try HTTPRequest(head, secure: isSecure, splitCookie: false)
        #expect(request == expected)
        #expect(request.authority == "a.example")
        #expect(request.scheme == (isSecure ? "https" : "http"))
    }

    @Test func fieldsThatAreNoneAreLeftOut() throws {
        let fields: HTTPHeaders = ["A B": "1", ":path": "/other", "Hos": "2", "Accept": " x\n"]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: fields)
        let request = try HTTPRequest(head, isSecure: false)
        let expected = try HTTPRequest(head, secure: false, splitCookie: false)
        #expect(request == expected)
        #expect(request.authority == nil)
    }

    @Test func aMethodThatIsNoneIsAnError() {
        let head = HTTPRequestHead(version: .http1_1, method: .RAW(value: "A B"), uri: "/")
        #expect(throws: HTTP1TypeConversionError.self) { try HTTPRequest(head, isSecure: false) }
    }
}
