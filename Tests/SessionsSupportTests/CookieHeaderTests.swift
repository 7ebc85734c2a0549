// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

@Suite struct CookieHeaderTests {
    @Test func theFirstCookieOfANameWinsEvenWhenEmpty() {
        let cookies = CookieHeader(["a=; b=2; a=3"])
        #expect(cookies.first("a") == "")
        #expect(cookies.first("b") == "2")
        #expect(cookies.all("a") == ["", "3"])
    }

    @Test func aMissingCookieIsNil() {
        let cookies = CookieHeader(["session2=a; sessio=b; xsession=c; SESSION=d"])
        #expect(cookies.first("session") == nil)
        #expect(cookies.all("session").isEmpty)
    }

    @Test(arguments: [[], [""], ["", ""], [" ; ;;"], ["=", "=x"]])
    func noCookiesAreNoPairs(fields: [String]) {
        #expect(CookieHeader(fields).pairs.isEmpty)
        #expect(CookieHeader(fields).first("") == nil)
    }

    @Test func severalFieldsAreReadOneAfterTheOther() {
        let cookies = CookieHeader(["a=1; b=2", "a=3", "c=\"x"])
        #expect(cookies.pairs.map { "\($0.name)=\($0.value)" } == ["a=1", "b=2", "a=3", "c=\"x"])
    }

    @Test(arguments: [
        "other=a,b", "other=a, b=c", "other=a|b|c", "other=100%", "other=%zz%", "other=\"quoted\"", "other=\"a;b\"",
        "other=\"a", "other=a\"", "other=\"a\"b", "other=\"a\\\"; b\"", "other={\"a\":1,\"b\":[2]}", "other='a'",
        "other", "=other", "other=a=b", "other=a b", "other=\u{1}", "other=é", "o,t|h%e\"r=1", "$Version=1",
        "other=\"\\", "other=a\nb=c", "other=\"\n\"x",
    ])
    func noOtherCookieHidesTheSession(other: String) {
        #expect(CookieHeader(["\(other); session=abc"]).first("session") == "abc")
        #expect(CookieHeader(["session=abc; \(other)"]).first("session") == "abc")
        #expect(CookieHeader(["\(other);session=abc;\(other)"]).first("session") == "abc")
        #expect(CookieHeader([other, "session=abc", other]).first("session") == "abc")
    }

    @Test func anUnclosedQuoteDoesNotSwallowWhatFollows() {
        #expect(CookieHeader(["a=\"x; session=abc; b=y\"z"]).first("session") == "abc")
    }

    @Test(arguments: [
        "lang=\"a; session=abc; z=b\"", "lang=\"; session=abc; z=\"", "lang= \"a;session=abc;z=b\" ",
        "lang=\"a\\\"; session=abc; z=b\"",
    ])
    func aQuoteThatAnotherApplicationPlantedDoesNotSwallowTheSession(header: String) {
        let cookies = CookieHeader([header])
        #expect(cookies.first("session") == "abc")
        #expect(cookies.pairs.map(\.name) == ["lang", "session", "z"])
        #expect(cookies.first("lang")?.contains("abc") == false)
    }

    @Test func aQuotedValueEndsWithItsField() {
        #expect(CookieHeader(["a=\"x", "session=abc\""]).pairs.map(\.value) == ["\"x", "abc\""])
    }

    @Test func bytesAreLatin1AndOctalEscapesAreUTF8() {
        let cookies = CookieHeader(bytes: Array("a=é; b=\"\\303\\251\"; c=\"\\377\"".utf8) + [0x3B, 0xE9, 0x3D, 0xFF])
        #expect(cookies.first("a") == "\u{C3}\u{A9}")
        #expect(cookies.first("b") == "\u{E9}")
        #expect(cookies.first("c") == "\u{FFFD}")
        #expect(cookies.first("\u{E9}") == "\u{FF}")
    }

    @Test func namesCompareByCharactersNotByCanonicalEquivalence() {
        let cookies = CookieHeader(bytes: [0xE9, 0x3D, 0x31])
        #expect(cookies.first("\u{E9}") == "1")
        #expect(cookies.first("e\u{301}") == nil)
        #expect(cookies.first("\u{2603}") == nil)
    }

    @Test(arguments: [
        ("a=b\nc=d", ["a=b\nc=d"]), ("a=b\n;c=d", ["a=b\n", "c=d"]), ("a=\"\n\"", ["a=\n"]), ("a\n=b", ["a\n=b"]),
        ("a=\u{1F}b\u{1C}", ["a=\u{1F}b\u{1C}"]), ("\u{A0}a=b\u{85}", ["\u{C2}\u{A0}a=b\u{C2}\u{85}"]),
        ("a=\"\\303\\\u{E9}\"", ["a=\u{FFFD}\u{C3}\u{A9}"]), (" \ta \t= \tb \t", ["a=b"]),
        ("a=\"x\";b=\"y\"z;c=1", ["a=x", "b=\"y\"z", "c=1"]), ("a=\"b;c\\\";d=e", ["a=\"b", "c\\\"=", "d=e"]),
    ])
    func onlySpacesAndTabsAreTrimmedAndOnlyASemicolonEndsAPair(header: String, expected: [String]) {
        #expect(CookieHeader([header]).pairs.map { "\($0.name)=\($0.value)" } == expected)
    }

    @Test func everyPlaceOfASeparatorIsFound() {
        for length in 0..<40 {
            let (name, value) = (String(repeating: "n", count: length + 1), String(repeating: "v", count: length))
            let cookies = CookieHeader(["\(name)=\(value);\(value)x=1"])
            #expect(cookies.pairs.map { "\($0.name)=\($0.value)" } == ["\(name)=\(value)", "\(value)x=1"])
        }
    }

    @Test func longHeadersAreReadInLinearTime() {
        let lines = String(repeating: "=\nx", count: 20_000)
        let quotes = String(repeating: "a=\"b;", count: 4000)
        #expect(CookieHeader([lines + ";session=abc"]).first("session") == "abc")
        #expect(CookieHeader([quotes + "session=abc"]).first("session") == "abc")
    }
}
