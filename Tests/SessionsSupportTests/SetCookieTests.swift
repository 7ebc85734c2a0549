// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

@Suite struct SetCookieTests {
    @Test func attributesKeepWerkzeugsOrder() {
        let cookie = SetCookie(
            name: "all", value: "v", domain: ".example.org", expires: 1_702_678_400, maxAge: 60, isSecure: false,
            isHTTPOnly: true, path: "/p", sameSite: .lax, isPartitioned: true)
        #expect(
            cookie.headerValue == "all=v; Domain=example.org; Expires=Fri, 15 Dec 2023 22:13:20 GMT; Max-Age=60; "
                + "Secure; HttpOnly; Path=/p; SameSite=Lax; Partitioned")
    }

    @Test func aPlainCookieHasOnlyItsPath() {
        #expect(SetCookie(name: "a", value: "b").headerValue == "a=b; Path=/")
        #expect(SetCookie(name: "a", value: "b", path: nil).headerValue == "a=b")
        #expect(SetCookie(name: "a", value: "", path: "").headerValue == "a=; Path=")
    }

    @Test(arguments: [
        ("", ""), ("eyJ.a-b_c", "eyJ.a-b_c"), ("!#$%&'()*+-./:<=>?@[]^`{|}~_", "!#$%&'()*+-./:<=>?@[]^`{|}~_"),
        ("a b", "\"a b\""), ("a,b;c", "\"a\\054b\\073c\""), ("say \"hi\" \\", "\"say \\\"hi\\\" \\\\\""),
        ("é", "\"\\303\\251\""), ("☃", "\"\\342\\230\\203\""), ("a\r\nb", "\"a\\015\\012b\""),
        ("\0\u{19}\u{7F}", "\"\\000\\031\\177\""), ("\u{1A}\u{1F}", "\"\u{1A}\u{1F}\""),
    ])
    func valuesAreQuotedAsWerkzeugQuotesThem(value: String, written: String) {
        #expect(SetCookie(name: "a", value: value, path: nil).headerValue == "a=" + written)
        #expect(CookieHeader(["a=" + written]).first("a") == value)
    }

    @Test(arguments: [
        ("/app dir/ü;x", "/app%20dir/%C3%BC%3Bx"), ("/%20/%zz", "/%20/%zz"), ("/a?b#c", "/a%3Fb%23c"),
        ("/!$&'()*+,/:=@~-_.", "/!$&'()*+,/:=@~-_."), ("/\r\n", "/%0D%0A"),
    ])
    func pathsArePercentEncoded(path: String, written: String) {
        #expect(SetCookie(name: "a", value: "", path: path).headerValue == "a=; Path=" + written)
    }

    @Test(arguments: [
        ("example.com", "example.com"), ("..example.com:8080", "example.com"), ("Example.COM", "Example.COM"),
        ("bücher.example", "xn--bcher-kva.example"), ("", ""), (".", ""), (":80", ""),
        ("example.com.", "example.com."), ("[::1]", nil), ("a..b", nil), ("x; Path=/y", nil),
        ("x\r\nSet-Cookie: y=z", nil), ("ü；b", nil), ("a b", nil),
    ])
    func domainsAreWrittenInASCIIOrNotAtAll(domain: String, written: String?) {
        let line = SetCookie(name: "a", value: "", domain: domain, path: nil).headerValue
        #expect(line == (written.map { "a=; Domain=" + $0 } ?? "a="))
    }

    @Test func aDeletionKeepsTheAttributes() {
        let cookie = SetCookie(
            name: "session", value: "x", domain: "example.com", expires: 1_700_000_000, isSecure: true,
            isHTTPOnly: true, path: "/p", sameSite: .strict)
        #expect(
            SetCookie.deletion(of: cookie).headerValue
                == "session=; Domain=example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Secure; HttpOnly; "
                + "Path=/p; SameSite=Strict")
    }

    @Test(arguments: ["a\r\nSet-Cookie: b=c", "a\nb", "a;b", "a=b", "a\0", "\u{7F}", "", "é", "a\u{301}\r\n"])
    func noNameBreaksOutOfItsPlace(name: String) {
        let line = Array(SetCookie(name: name, value: "v", path: nil).headerValue.utf8)
        #expect(!line.contains { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: ";") })
        #expect(line.firstIndex(of: UInt8(ascii: "=")) == line.count - 2)
    }

    @Test(arguments: [
        (Int.min, "Thu, 01 Jan 1970 00:00:00 GMT"), (Int.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (-62_135_596_800, "Mon, 01 Jan 0001 00:00:00 GMT"),
    ])
    func anExpiryThatCannotBeWrittenIsPutInRange(expires: Int, written: String) {
        let cookie = SetCookie(name: "a", value: "", expires: expires, maxAge: Int.min, path: nil)
        #expect(cookie.headerValue == "a=; Expires=\(written); Max-Age=-9223372036854775808")
    }

    @Test func equalityIsThatOfTheBytes() {
        let composed = SetCookie(name: "a", value: "\u{E9}")
        let decomposed = SetCookie(name: "a", value: "e\u{301}")
        #expect(composed != decomposed)
        #expect(composed == SetCookie(name: "a", value: "\u{E9}"))
        #expect(Set([composed, decomposed, composed]).count == 2)
    }
}
