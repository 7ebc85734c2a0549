// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Testing

@testable import Dewar

@Suite struct HTMLTests {
    let hostile = "<b>\"'&"
    let escaped = "&lt;b&gt;&#34;&#39;&amp;"

    @Test func aLiteralIsMarkup() {
        let html: HTML = "<p>'a' & \"b\"</p>"
        #expect(html.markup == "<p>'a' & \"b\"</p>")
        #expect(html.description == html.markup)
    }

    @Test func interpolatedTextIsEscaped() {
        let html: HTML = "<p>\(self.hostile)</p>"
        #expect(html.markup == "<p>\(self.escaped)</p>")
    }

    @Test(arguments: [true])
    func aTextLiteralInsideAnInterpolationIsEscaped(flag: Bool) {
        let html: HTML = "\(flag ? "<i>" : "<b>")\("<u>")\("\(self.hostile)")"
        #expect(html.markup == "&lt;i&gt;&lt;u&gt;\(self.escaped)")
    }

    @Test func everyKindOfTextIsEscaped() {
        let existential: any CustomStringConvertible = self.hostile
        let html: HTML = "\(Substring(self.hostile))|\(Character("<"))|\(["<"])|\(existential)|\(Shout())"
        #expect(html.markup == "\(self.escaped)|&lt;|[&#34;&lt;&#34;]|\(self.escaped)|&lt;shout&gt;")
    }

    @Test func numbersAndTruthValuesAreWritten() {
        let html: HTML = "\(5) \(-1.5) \(true) \(UInt8.max)"
        #expect(html.markup == "5 -1.5 true 255")
    }

    @Test func nilPrintsNothingAndOptionalsPrintTheirValue() {
        let text: String? = self.hostile
        let number: Int? = 5
        let markup: HTML? = "<br>"
        #expect(HTML("\(text)\(number)\(markup)").markup == "\(self.escaped)5<br>")
        #expect(HTML("[\(String?.none)\(Int?.none)\(HTML?.none)]").markup == "[]")
    }

    @Test func markupIsInterpolatedAsItIs() {
        let bold: HTML = "<b>\(self.hostile)</b>"
        #expect(HTML("<p>\(bold)</p>").markup == "<p><b>\(self.escaped)</b></p>")
    }

    @Test func markupStaysMarkupBehindAGenericType() {
        func paragraph<T: CustomStringConvertible>(_ value: T) -> HTML { "<p>\(value)</p>" }
        #expect(paragraph(HTML(raw: "<br>")).markup == "<p><br></p>")
        #expect(paragraph("<br>").markup == "<p>&lt;br&gt;</p>")
        let existential: any CustomStringConvertible = HTML(raw: "<br>")
        #expect(HTML("\(existential)").markup == "<br>")
    }

    @Test func anArrayOfMarkupIsJoined() {
        let items = ["a", "<"].map { item -> HTML in "<li>\(item)</li>" }
        #expect(HTML("<ul>\(items)</ul>").markup == "<ul><li>a</li><li>&lt;</li></ul>")
        #expect(HTML("\([HTML]())").isEmpty)
    }

    @Test func joiningPutsTheSeparatorBetween() {
        let items: [HTML] = ["a", "b", "c"]
        #expect(items.joined().markup == "abc")
        #expect(items.joined(separator: "<br>").markup == "a<br>b<br>c")
        #expect([HTML]().joined(separator: "<br>").isEmpty)
    }

    @Test func addingAppendsMarkup() {
        var html = HTML(raw: "<p>") + escape("<") + "</p>"
        #expect(html.markup == "<p>&lt;</p>")
        html += "<hr>"
        #expect(html.markup == "<p>&lt;</p><hr>")
    }

    @Test func equalityIsByBytes() {
        #expect(HTML(raw: "\u{E9}") != HTML(raw: "e\u{301}"))
        #expect(HTML(raw: "<p>") == "<p>")
        #expect(Set([HTML(raw: "\u{E9}"), HTML(raw: "e\u{301}"), HTML(raw: "\u{E9}")]).count == 2)
    }

    @Test func otherModulesAddInterpolationsOfTheirOwn() {
        #expect(HTML("<b>\(Money(cents: 1250))</b>").markup == "<b>12 &lt;EUR&gt;</b>")
    }

    private struct Shout: CustomStringConvertible {
        var description: String { "<shout>" }
    }
}

struct Money {
    let cents: Int
}

extension HTMLInterpolation {
    mutating func appendInterpolation(_ money: Money) {
        self.appendInterpolation("\(money.cents / 100) <EUR>")
    }
}
