// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct EscapingTests {
    @Test(arguments: [
        ("", ""),
        ("plain", "plain"),
        ("&", "&amp;"),
        ("&amp;", "&amp;amp;"),
        ("<a href='x' title=\"y\">", "&lt;a href=&#39;x&#39; title=&#34;y&#34;&gt;"),
        ("\r\n<\u{0}>", "\r\n&lt;\u{0}&gt;"),
        ("e\u{301}<\u{301}", "e\u{301}&lt;\u{301}"),
        ("😀>é", "😀&gt;é"),
    ])
    func fiveCharactersBecomeReferences(text: String, markup: String) {
        #expect(Array(escape(text).markup.utf8) == Array(markup.utf8))
    }

    @Test func markupIsNotEscapedTwice() {
        let once = escape("<")
        #expect(escape(once) == once)
    }
}
