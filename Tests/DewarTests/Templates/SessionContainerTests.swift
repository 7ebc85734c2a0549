// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import DewarTesting
import Foundation
import TestSupport
import Testing

@testable import Dewar

/// Lists and dictionaries of a session in a template: their keys may be a visitor's.
@Suite struct SessionContainerTests {
    /// The page that a template makes of a session's entry `it`.
    private func page(_ template: String, _ value: SessionValue) async throws -> String {
        let app = App.forTests()
        app.templates = Templates(["page": template])
        app.get("/") { request in
            request.session["it"] = value
            return try render("page")
        }
        return try await app.testClient().get("/").text
    }

    /// They are one key for a dictionary of Swift.
    @Test func keysThatDifferByTheirBytesAloneAreTwo() async throws {
        let names: SessionValue = ["\u{E9}": 1, "e\u{301}": 2, "e": 3]
        let text = try await self.page("{{session.it.e}}{{#session}}{{count(it)}}{{/session}}", names)
        #expect(text == "33")
    }

    @Test(
        arguments: [
            ("{{#it}}{{.}},{{/it}}{{^it}}none{{/it}}", ["a", nil, 2], "a,,2,"),
            ("{{#it}}{{.}},{{/it}}{{^it}}none{{/it}}", [], "none"),
            ("{{#it}}{{a}}{{/it}}", [["a": "x"], ["a": .markup("<b>")]], "x<b>"),
            ("{{count(it)}}{{first(it)}}{{last(it)}}{{#reversed(it)}}{{.}}{{/reversed(it)}}", [1, 2], "21221"),
            ("{{it}}", ["<", [1, .tuple([nil])]], "[&lt;, [1, (None)]]"),
            ("{{it}}", ["a": ["b": true]], "{a: {b: True}}"),
            ("{{it.a.b}}{{#it}}{{a.b}}{{/it}}", ["a": ["b": "<"]], "&lt;&lt;"),
            ("{{#sorted(it)}}{{key}}={{value}} {{/sorted(it)}}", ["b": 2, "a": 1], "a=1 b=2 "),
            ("{{#enumerated(it)}}{{key}}={{value}} {{/enumerated(it)}}", ["b": 2, "a": nil], "b=2 a= "),
            ("{{#empty(it)}}nothing{{/empty(it)}}", [:], "nothing"),
        ] as [(String, SessionValue, String)])
    func containersAreShown(template: String, value: SessionValue, expected: String) async throws {
        #expect(try await self.page("{{#session}}\(template){{/session}}", value) == expected)
    }

    /// A name that is null in a dictionary is not looked for in what is around it.
    @Test func nullIsAValueToo() async throws {
        let text = try await self.page("{{#session.it}}[{{request}}]{{/session.it}}", ["request": nil])
        #expect(text == "[]")
    }

    @Test func aHandlerMayGiveTheWholeSession() async throws {
        let app = App.forTests()
        app.templates = Templates(["page": "{{all.user}}"])
        app.get("/") { _ in try render("page", ["all": ["user": "ada"] as SessionDictionary]) }
        #expect(try await app.testClient().get("/").text == "ada")
    }

    // MARK: - Depth

    private static func deepest(_ nest: (SessionValue) -> SessionValue) -> SessionValue {
        (0..<400).reduce(1) { value, _ in nest(value) }
    }

    /// A page is made in whatever thread there is, of a session that may be 400 levels deep.
    @Test func theDeepestValuesFitASmallStack() {
        let values = [
            Self.deepest { .list([$0]) }, Self.deepest { .tuple([$0]) }, Self.deepest { .dictionary(["a": $0]) },
        ]
        for value in values {
            let size = SmallStack.run { Self.sizeOfText(value) }
            #expect((size ?? 0) > 800)
        }
    }

    /// How long the value's text is, when the value inside of it has been looked at.
    private static func sizeOfText(_ value: SessionValue) -> Int {
        switch TemplateValue.wrap(value) {
        case let items as SessionItems: items.transform("first") == nil ? 0 : items.renderText.utf8.count
        case let entries as SessionEntries: entries.child(named: "a") == nil ? 0 : entries.renderText.utf8.count
        default: 0
        }
    }
}
