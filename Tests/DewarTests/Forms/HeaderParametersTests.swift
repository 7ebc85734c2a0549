// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct HeaderParametersTests {
    /// Each as Werkzeug 3.1.8's `parse_options_header` reads it.
    @Test(arguments: [
        ("", "", [:]),
        ("form-data", "form-data", [:]),
        ("form-data;", "form-data", [:]),
        ("; a=b", "", [:]),
        (" form-data ; a = b", "form-data", [:]),
        ("x; a=b;c=d", "x", ["a": "b", "c": "d"]),
        ("x; A=b", "x", ["a": "b"]),
        ("x; a", "x", [:]),
        ("x; a=", "x", [:]),
        ("x; a=;b=c", "x", ["b": "c"]),
        ("x; a=\"\";b=c", "x", ["a": "", "b": "c"]),
        ("x; a=\"b;c\";d=e", "x", ["a": "b;c", "d": "e"]),
        ("x; a=\"b\\\"c\"", "x", ["a": "b\"c"]),
        ("x; a=\"b\\\\\"", "x", ["a": "b\\"]),
        ("x; a=\"b%22c\"", "x", ["a": "b\"c"]),
        ("x; a=\"b;c=d", "x", ["c": "d"]),
        ("x; a=b c=d; e=f", "x", ["a": "b", "e": "f"]),
        ("x; \"a\"=b", "x", [:]),
        ("x; a=b; a=c", "x", ["a": "c"]),
        ("x;;; a=b", "x", ["a": "b"]),
        ("x; a*=UTF-8''%e2%82%ac", "x", ["a": "\u{20AC}"]),
        ("x; a*=utf-16''%41", "x", ["a": "%41"]),
        ("x; a*=%41", "x", ["a": "%41"]),
        ("x; a*=''%41", "x", ["a": "%41"]),
        ("x; a*=iso-8859-1'de'%E9%22", "x", ["a": "\u{E9}\""]),
        ("x; a*=us-ascii''%E9", "x", ["a": "\u{FFFD}"]),
        ("x; a*=utf-8''%FF", "x", ["a": "\u{FFFD}"]),
        ("x; a*=utf-8''%22b%22", "x", ["a": "b"]),
        ("x; a*=utf-8''%22", "x", ["a": ""]),
        ("x; a*=utf-8''", "x", ["a": "utf-8''"]),
        ("x; a*0=b; a*1=\"c d\"", "x", ["a": "bc d"]),
        ("x; a*0*=utf-8''%C3%A9; a*1*=%C3%A9; b*=%41", "x", ["a": "\u{E9}\u{E9}", "b": "A"]),
        ("x; a*1=b; a*0=c", "x", ["a": "bc"]),
        ("x; a*b=c", "x", ["a*b": "c"]),
        ("x; *=a; *0=b", "x", ["": "ab"]),
        ("x; a=\"\u{E9}\"", "x", ["a": "\u{E9}"]),
        ("x; a=\u{E9}", "x", [:]),
        ("x;\u{A0}a=b", "x", ["a": "b"]),
        ("x; a=\"b\\c\"", "x", ["a": "b\\c"]),
        (
            "multipart/form-data; boundary=\"a b\"; charset=x", "multipart/form-data",
            ["boundary": "a b", "charset": "x"]
        ),
        ("x; a*=utf-16''q; b*=%41; c*=ascii''%41; d*=%41", "x", ["a": "q", "b": "%41", "c": "A", "d": "A"]),
        ("x; b*=utf-8''q; a*=\"%41\"", "x", ["b": "q", "a": "A"]),
    ])
    func readsAsWerkzeug(header: String, value: String, parameters: [String: String]) {
        let read = HeaderParameters(header)
        #expect(Array(read.value.utf8) == Array(value.utf8))
        #expect(read.names == Set(parameters.keys))
        for (name, value) in parameters {
            #expect(read[name].map { Array($0.utf8) } == Array(value.utf8), "\(name)")
        }
    }

    @Test func manyParametersAreReadInOnePass() {
        let pieces = (0..<20_000).map { "a*\($0)=x;" }.joined()
        #expect(HeaderParameters("v;\(pieces)")["a"]?.utf8.count == 20_000)
        let unclosed = String(repeating: "a=\"\\\";", count: 20_000)
        #expect(HeaderParameters("v;\(unclosed)").value == "v")
    }
}
