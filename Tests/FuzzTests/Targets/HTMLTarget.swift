// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Dewar
import Sessions

@testable import Dewar
@testable import SessionsValues

extension FuzzTarget {
    /// The first byte says whether the rest is a text, or a session's values in Flask's JSON. A page shows them.
    static let html = FuzzTarget("html", "what a visitor has chosen, as a page shows it") { input in
        let (way, rest) = input.choice(of: 2)
        guard let value = way == 0 ? .string(rest.text) : try? TaggedJSON.decode(rest) else { return }
        let shown = FuzzMarkup.holdsMarkup(value) ? nil : FuzzMarkup.escaped(value.description)
        let interpolated: HTML = "\(value)"
        if let shown {
            try require(isSame(interpolated.markup, shown), "a value in a literal is not escaped")
            try require(isSame(escape(value.description).markup, shown), "a text is not escaped")
        }
        let pages = try FuzzMarkup.library.get()
        guard let page = pages.markup("value", ["value": TemplateValue.wrap(value)]) else {
            throw Violation(description: "a value has no page")
        }
        if case .string = value { try require(isSame(page, shown), "a text in a template is not escaped") }
        for name in FuzzMarkup.pages.keys.sorted() {
            let page = pages.markup(name, ["value": TemplateValue.wrap(value)]) ?? "<"
            try require(shown == nil || FuzzMarkup.isEscaped(page), "the page \(name) has markup that it must not have")
        }
    }
}

/// Templates without a sign of HTML in them, and what a page of theirs may have.
private enum FuzzMarkup {
    static let pages = [
        "value": "{{value}}",
        "section": "{{#value}}{{.}};{{first(value)}}{{count(value)}}{{/value}}{{^value}}none{{/value}}",
        "pairs": "{{#enumerated(value)}}{{key}}:{{value}};{{/enumerated(value)}}",
        "sorted": "{{#sorted(value)}}{{key}}:{{value}}{{a}};{{/sorted(value)}}",
        "deep": "{{value.a}}{{value.a.b}}{{#value.a}}{{b}}{{c}}{{.}}{{/value.a}}",
        "reversed": "{{#reversed(value)}}{{a}}{{.}}{{/reversed(value)}}",
    ]

    static let library = Result { try Templates(FuzzMarkup.pages).compile() }

    /// A second reading of ``escape(_:)-(String)``, over scalars.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "'": escaped += "&#39;"
            case "\"": escaped += "&#34;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    /// Whether no byte of it is markup: each of the five is a reference.
    static func isEscaped(_ page: String) -> Bool {
        var rest = Array(page.utf8)[...]
        while let next = rest.firstIndex(where: { "<>\"'&".utf8.contains($0) }) {
            let reference = ["&amp;", "&lt;", "&gt;", "&#39;", "&#34;"].first { rest[next...].starts(with: $0.utf8) }
            guard let reference else { return false }
            rest = rest[(next + reference.utf8.count)...]
        }
        return true
    }

    /// Whether the application has marked a part of it as markup.
    static func holdsMarkup(_ value: SessionValue) -> Bool {
        switch value {
        case .markup: true
        case .list(let items), .tuple(let items): items.contains(where: Self.holdsMarkup)
        case .dictionary(let entries): entries.contains { Self.holdsMarkup($0.value) }
        default: false
        }
    }
}
