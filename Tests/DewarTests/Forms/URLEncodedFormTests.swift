// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct URLEncodedFormTests {
    /// Each as real Flask 3.1.3 reads it, in `request.form` and `request.args` alike.
    @Test(arguments: [
        ("", []),
        ("&&", []),
        ("=", [("", "")]),
        ("&&=&a+b=c+d&", [("", ""), ("a b", "c d")]),
        ("a", [("a", "")]),
        ("a==b=", [("a", "=b=")]),
        ("a;b=1;2", [("a;b", "1;2")]),
        ("%61%3D=%26%2B", [("a=", "&+")]),
        ("a=%", [("a", "%")]),
        ("a=%4", [("a", "%4")]),
        ("a=%G1%41", [("a", "%G1A")]),
        ("a=%ff%c3%a9", [("a", "%FF\u{E9}")]),
        ("a=%e2%98x", [("a", "%E2%98x")]),
        ("a=%C3\u{E9}%A9", [("a", "%C3\u{E9}%A9")]),
        ("a=%ED%A0%80", [("a", "%ED%A0%80")]),
        ("a=%C0%80", [("a", "%C0%80")]),
        ("a=%F4%90%80%80", [("a", "%F4%90%80%80")]),
        ("a=%F0%9F%98%80%F0%9F", [("a", "\u{1F600}%F0%9F")]),
        ("a=%00&\r\n=1", [("a", "\0"), ("\r\n", "1")]),
        ("%C3%A9=1&e%CC%81=2", [("\u{E9}", "1"), ("e\u{301}", "2")]),
    ])
    func readsAsFlask(body: String, pairs: [(String, String)]) throws {
        #expect(try #require(URLEncodedForm.parse(Array(body.utf8))) == MultiDictionary(pairs))
    }

    @Test(arguments: [[0xFF], [0x61, 0x3D, 0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func rawBytesThatAreNotUTF8AreRefused(bytes: [UInt8]) {
        #expect(URLEncodedForm.parse(bytes) == nil)
    }

    /// Each as Werkzeug's test client writes it.
    @Test(arguments: [
        ([], ""),
        ([("a", "1"), ("b", ""), ("a", "2")], "a=1&b=&a=2"),
        ([("a b", "c+d")], "a+b=c%2Bd"),
        ([("&=", "%;#")], "%26%3D=%25;%23"),
        ([("u", "\u{E9}\u{2603}")], "u=%C3%A9%E2%98%83"),
        ([("p", "!$'()*,/:;?@-._~")], "p=!$'()*,/:;?@-._~"),
        ([("n", "\r\n\0")], "n=%0D%0A%00"),
    ])
    func writesAsWerkzeug(pairs: [(String, String)], text: String) {
        #expect(URLEncodedForm.encode(pairs) == text)
    }

    @Test func whatIsWrittenIsReadBack() {
        let pairs = [("a&b=c", "1 + 1 = %2B;"), ("", ""), ("e\u{301}", "\u{E9}\r\n")]
        #expect(URLEncodedForm.parse(Array(URLEncodedForm.encode(pairs).utf8)) == MultiDictionary(pairs))
    }
}
