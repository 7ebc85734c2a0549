// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
import Hummingbird
import NIOCore
import Testing

/// The function of `docs/SERVERS.md` believes what its own proxies have added, and nothing else.
@Suite struct ClientAddressDocumentationTests {
    @Test(arguments: [
        ([], 1, nil),
        (["192.0.2.7"], 0, "198.51.100.1"),
        (["192.0.2.7"], 1, "192.0.2.7"),
        (["6.6.6.6, 192.0.2.7"], 1, "192.0.2.7"),
        (["6.6.6.6", "192.0.2.7, 10.0.0.1"], 2, "192.0.2.7"),
        (["6.6.6.6,,192.0.2.7,10.0.0.1"], 2, "192.0.2.7"),
        // A quote or an accent of the client's does not swallow the comma of a proxy.
        (["\"6.6.6.6,\u{301}, 192.0.2.7"], 1, "192.0.2.7"),
        (["2001:db8::7"], 1, "2001:db8::7"),
        (["192.0.2.7"], 2, nil),
    ])
    func theValueOfTheFarthestProxyCounts(lines: [String], proxies: Int, address: String?) throws {
        let name = try #require(HTTPField.Name("X-Forwarded-For"))
        var head = HTTPRequest(method: .post, scheme: "http", authority: "shop.example", path: "/sign-in")
        for line in lines { head.headerFields.append(HTTPField(name: name, value: line)) }
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        let peer = try SocketAddress(ipAddress: "198.51.100.1", port: 4711)
        #expect(clientAddress(request, peer: peer, proxies: proxies) == address)
    }
}
