// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct LocationEncodingTests {
    @Test(arguments: [
        ("HTTP://User:P w@EXAMPLE.com:080/é?q=ü#☃", "http://User:P%20w@example.com:80/%C3%A9?q=%C3%BC#%E2%98%83"),
        ("  /a\r\nSet-Cookie: x\tb", "/aSet-Cookie:%20xb"), ("/a%2Fb%zz", "/a%2Fb%zz"), ("http:foo", "http:///foo"),
        ("mailto:a@b c", "mailto:a@b%20c"), ("http://[::A]:99/", "http://[::a]:99/"), ("/a?#", "/a"),
        ("http://ü.example/", "http://xn--tda.example/"), ("http://a:0/", "http://a/"), ("//@x", "//x"),
        ("?a=<b>", "?a=%3Cb%3E"),
        ("http://a:70000/x", "http://a:70000/x"), ("http://a..b\u{1}/", "http://a..b%01/"), ("a\\b", "a%5Cb"),
    ])
    func partsAreEncodedEachInItsWay(location: String, header: String) {
        #expect(LocationEncoding.encode(location) == header)
    }

    @Test func anyTextMakesAHeaderValue() {
        for value in 0..<UInt32(0x250) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for text in ["#", "/#", "//#/", "http://a:#", "x://#@b?#", "//a#", "//\u{FC}#"] {
                let location = text.replacing("#", with: String(scalar))
                let header = LocationEncoding.encode(location)
                #expect(header.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "U+\(String(value, radix: 16)) \(text)")
            }
        }
    }
}
