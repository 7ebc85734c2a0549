// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

/// What a `Host` field may hold.
@Suite struct HostFieldTests {
    @Test(
        arguments: [
            ("Shop.Example", "shop.example", nil), ("a.test:8080", "a.test", 8080), ("localhost", "localhost", nil),
            ("127.0.0.1:5000", "127.0.0.1", 5000), ("[::1]", "[::1]", nil), ("[2001:DB8::1]:443", "[2001:db8::1]", 443),
            ("my_app:80", "my_app", 80), ("shop.example.", "shop.example.", nil), ("xn--nxasmq6b:1", "xn--nxasmq6b", 1),
            ("a:65535", "a", 65535),
        ] as [(String, String, Int?)])
    func aNameOrANumberAndAPort(text: String, name: String, port: Int?) throws {
        let host = try #require(HostField(text))
        #expect(host.name == name)
        #expect(host.port == port)
        #expect(host.text == text.lowercased())
    }

    @Test(arguments: [
        "", " ", "a b", "a.test ", " a.test", "a.test:8080@b.test", "user@a.test", "x\"><script>", "a:", "a:0",
        "a:65536",
        "a:000080", "a:80:80", "a:+1", "a:-1", "a:８０", "a:80 ", "[::1", "::1", "[127.0.0.1]", "[fe80::1%eth0]", "[]",
        "[::1]x", "[::1]:", "a/b", "a?b", "a#b", "a\\b", "a,b.test", ".a", "a..b", ".", "ä.example", "%61.example",
        "http://a.test", "*", "*.a.test", "a'b", "a\t", "a\u{0}",
    ])
    func whatIsNoHost(text: String) {
        #expect(HostField(text) == nil)
    }
}
