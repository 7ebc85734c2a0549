// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct MultipartParserTests {
    /// Each as real Flask 3.1.3 reads it; `@` stands for the header up to the name.
    @Test(arguments: [
        ("CRLF", "--X\r\n@a\r\n\r\nv\r\n--X--\r\n", [("a", "v")]),
        ("LF", "--X\n@a\n\nv\n--X--\n", [("a", "v")]),
        ("CR", "--X\r@a\r\rv\r--X--\r", [("a", "v")]),
        ("mixed line ends", "--X\n@a\r\n\r\nv\r--X\r@b\n\nw\n--X--", [("a", "v"), ("b", "w")]),
        ("LF LF behind CRLF", "--X\r\n@a\r\n\nv\r\n--X--", [("a", "v")]),
        ("CR CRLF", "--X\r\n@a\r\r\nv\r\n--X--", [("a", "v")]),
        ("LF CR LF is no blank line", "--X\r\n@a\n\r\nv\r\n--X--", []),
        ("line ends in the value", "--X\r\n@a\r\n\r\n\r\nv\n\r\r\n--X--", [("a", "\r\nv\n\r")]),
        ("empty value", "--X\r\n@a\r\n\r\n\r\n--X--", [("a", "")]),
        ("empty value without its line end", "--X\r\n@a\r\n\r\n--X--", [("a", "")]),
        ("CR CRLF before the boundary", "--X\r\n@a\r\r\n--X--", [("a", "")]),
        ("preamble and epilogue", "pre\r\namble\r\n--X\r\n@a\r\n\r\nv\r\n--X--epi\r\n--X\r\nlogue", [("a", "v")]),
        ("preamble right before the boundary", "pre--X\r\n@a\r\n\r\nv\r\n--X--", [("a", "v")]),
        ("nearly a boundary in the preamble", "--Xy\r\n----X\r\n@a\r\n\r\nv\r\n--X--", [("a", "v")]),
        ("white space behind the boundary", "--X \t\u{B}\u{C}\r\n@a\r\n\r\nv\r\n--X-- \t", [("a", "v")]),
        (
            "boundary with more behind it is data",
            "--X\r\n@a\r\n\r\nv\r\n--Xx\r\n--X x\r\n-- X\r\n-X\r\n--X--",
            [("a", "v\r\n--Xx\r\n--X x\r\n-- X\r\n-X")]
        ),
        ("boundary inside a line is data", "--X\r\n@a\r\n\r\nv--X\r\nw\r\n--X--", [("a", "v--X\r\nw")]),
        ("text behind the last boundary", "--X\r\n@a\r\n\r\nv\r\n--X--junk", [("a", "v")]),
        ("no last boundary", "--X\r\n@a\r\n\r\nv", []),
        ("last boundary cut short", "--X\r\n@a\r\n\r\nv\r\n--X-", []),
        ("cut after a boundary", "--X\r\n@a\r\n\r\nv\r\n--X\r\n", []),
        ("no blank line", "--X\r\n@a\r\nv\r\n--X--", []),
        ("only the last boundary", "--X--", []),
        ("nothing", "", []),
        ("another boundary", "--Y\r\n@a\r\n\r\nv\r\n--Y--", []),
        (
            "repeated name",
            "--X\r\n@a\r\n\r\n1\r\n--X\r\n@b\r\n\r\n2\r\n--X\r\n@a\r\n\r\n3\r\n--X--",
            [("a", "1"), ("b", "2"), ("a", "3")]
        ),
        ("no Content-Disposition", "--X\r\n@a\r\n\r\n1\r\n--X\r\nX: y\r\n\r\n2\r\n--X--", []),
        ("no name", "--X\r\nContent-Disposition: form-data\r\n\r\n1\r\n--X\r\n@a\r\n\r\n2\r\n--X--", [("a", "2")]),
        ("empty name", "--X\r\n@\"\"\r\n\r\nv\r\n--X--", [("", "v")]),
        ("another disposition", "--X\r\nContent-Disposition: attachment; name=a\r\n\r\nv\r\n--X--", [("a", "v")]),
        ("disposition without a value", "--X\r\nContent-Disposition: ; name=a\r\n\r\nv\r\n--X--", []),
        ("two dispositions", "--X\r\n@a\r\n@b\r\n\r\nv\r\n--X--", [("a", "v")]),
        (
            "header name in other case, spaces",
            "--X\r\n cOntent-dispositioN :form-data;NAME=a\r\n\r\nv\r\n--X--", [("a", "v")]
        ),
        (
            "folded header",
            "--X\r\nContent-Disposition: form-data;\r\n\tname=\"a\r\n b\"\r\n\r\nv\r\n--X--",
            [("a b", "v")]
        ),
        ("line without a colon", "--X\r\njunk\r\n@a\r\n\r\nv\r\n--X--", [("a", "v")]),
        ("blank line first", "--X\r\n\r\n@a\r\n\r\nv\r\n--X--", [("a", "v")]),
        ("line end too many", "--X\r\n\n@a\r\n\r\nv\r\n--X--", [("a", "v")]),
        ("quote as browsers write it", "--X\r\n@\"a%22b%0D\"\r\n\r\nv\r\n--X--", [("a\"b%0D", "v")]),
        ("quote with a backslash", "--X\r\n@\"a\\\"b\\\\c\\d\"\r\n\r\nv\r\n--X--", [("a\"b\\c\\d", "v")]),
        ("quote not closed", "--X\r\n@\"a\r\n\r\nv\r\n--X--", []),
        ("semicolon in quotes", "--X\r\n@\"a;filename=b\"\r\n\r\nv\r\n--X--", [("a;filename=b", "v")]),
        ("UTF-8 in name and value", "--X\r\n@\"\u{E9}\"\r\n\r\ne\u{301}\r\n--X--", [("\u{E9}", "e\u{301}")]),
        (
            "encoded name",
            "--X\r\nContent-Disposition: form-data; name*=iso-8859-1'en'%E9\r\n\r\nv\r\n--X--",
            [("\u{E9}", "v")]
        ),
        (
            "name in pieces",
            "--X\r\nContent-Disposition: form-data; name*0=a; name*1*=UTF-8''%C3%A9; name*2=\"c d\"\r\n\r\nv\r\n--X--",
            [("a\u{E9}c d", "v")]
        ),
    ])
    func fieldsReadAsInFlask(fact: String, body: String, fields: [(String, String)]) throws {
        let form = try Self.parse(body)
        #expect(form.fields == MultiDictionary(fields), Comment(rawValue: fact))
        #expect(form.files.isEmpty)
    }

    @Test(arguments: [
        ("text/plain", "\u{E9}\u{FFFD}\u{FFFD}v"),
        ("text/plain; charset=utf-8", "\u{E9}\u{FFFD}\u{FFFD}v"),
        ("text/plain; charset=\"ISO-8859-1\"", "\u{C3}\u{A9}\u{FF}\u{E2}\u{98}v"),
        ("text/plain; charset=US-ASCII", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}v"),
        ("x; charset=ascii", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}v"),
        ("text/plain; charset=utf-16", "\u{E9}\u{FFFD}\u{FFFD}v"),
        ("", "\u{E9}\u{FFFD}\u{FFFD}v"),
    ])
    func aPartIsDecodedInItsCharset(contentType: String, value: String) throws {
        let head = Self.expanded("--X\r\n@a\r\nContent-Type: \(contentType)\r\n\r\n")
        let body = Array(head.utf8) + [0xC3, 0xA9, 0xFF, 0xE2, 0x98, 0x76] + Array("\r\n--X--".utf8)
        let form = try FormParser().parse(body, contentType: Self.contentType)
        #expect(Array(try form["a"].utf8) == Array(value.utf8))
    }

    @Test func aHeadThatIsNotUTF8MakesTheFormMalformed() throws {
        let body = Array("--X\r\nX: ".utf8) + [0xFF] + Array(Self.expanded("\r\n@a\r\n\r\nv\r\n--X--").utf8)
        #expect(try FormParser().parse(body, contentType: Self.contentType).fields.isEmpty)
    }

    @Test func aPartWithAFilenameIsAFile() throws {
        let type = "Content-Type: text/plain;\r\n q=1"
        let form = try Self.parse(
            "--X\r\n@a\r\n\r\nv\r\n--X\r\n@a; filename=\"../x.txt\"\r\n\(type)\r\n\r\n\0\r\n\r\n--X--"
        )
        #expect(form.fields == MultiDictionary([("a", "v")]))
        let file = try #require(form.file("a"))
        #expect(form.files.count == 1)
        #expect(file.name == "a")
        #expect(file.filename == "../x.txt")
        #expect(file.secureFilename == "x.txt")
        #expect(file.contentType == "text/plain; q=1")
        #expect(file.content == [0x00, 0x0D, 0x0A])
        #expect(file.headers.map(\.name) == ["Content-Disposition", "Content-Type"])
        #expect(file.headers["content-disposition"]?.hasSuffix("x.txt\"") == true)
        #expect(form.file("b") == nil)
    }

    @Test(arguments: [
        ("filename=f", "f"), ("filename=\"\"", ""), ("filename=\"a%22b\\\\c\"", "a\"b\\c"),
        ("filename*=UTF-8''%e2%82%ac.txt", "\u{20AC}.txt"), ("filename=a; filename*=UTF-8''b", "b"),
        ("filename=\"e\u{301}\"", "e\u{301}"), ("FileName=\"C:\\a\\b\"", "C:\\a\\b"),
    ])
    func filenamesReadAsInFlask(parameter: String, filename: String) throws {
        let form = try Self.parse("--X\r\n@a; \(parameter)\r\n\r\n\r\n--X--")
        #expect(form.fields.isEmpty)
        #expect(Array(try #require(form.files.first).filename.utf8) == Array(filename.utf8))
        #expect(form.files.first?.content == [])
        #expect(form.files.first?.contentType == nil)
    }

    private static let contentType = "multipart/form-data; boundary=X"

    private static func expanded(_ text: String) -> String {
        text.split(separator: "@", omittingEmptySubsequences: false)
            .joined(separator: "Content-Disposition: form-data; name=")
    }

    private static func parse(_ text: String) throws -> FormData {
        try FormParser().parse(Array(Self.expanded(text).utf8), contentType: Self.contentType)
    }
}
