// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Mustache
import Sessions

/// A value as Mustache is to see it: markup that is not escaped, a session's values as plain ones, and properties of
/// structs that are such values.
enum TemplateValue {
    static func wrap(_ value: Any?) -> Any? {
        switch value {
        case nil: nil
        case let markup as HTML: self.literal(markup)
        case let value as SessionValue: self.plain(value)
        case let entries as SessionDictionary: SessionEntries(entries: entries)
        case is String, is Bool, is any BinaryInteger, is any BinaryFloatingPoint: value
        case let items as [Any]: items.map { self.wrap($0) ?? NSNull() }
        case let entries as [String: Any]: entries.mapValues { self.wrap($0) ?? NSNull() }
        // The application knows Mustache itself.
        case is any MustacheParent, is any MustacheCustomRenderable, is any MustacheCustomRepresentation,
            is MustacheLambda, is MustacheTemplate:
            value
        case let value?: self.reflected(value)
        }
    }

    private static func reflected(_ value: Any) -> Any? {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return self.wrap(mirror.children.first?.value)
        case .struct, .class, .tuple: return Reflection(value: value, mirror: mirror)
        default: return value
        }
    }

    /// A value of a session. What is inside of a list or a dictionary is made when a tag names it.
    static func plain(_ value: SessionValue) -> Any? {
        switch value {
        case .null: nil
        case .bool(let value): value
        case .int(let value): value
        case .double(let value): value
        case .list(let items), .tuple(let items): SessionItems(value: value, items: items)
        case .dictionary(let entries): SessionEntries(entries: entries)
        case .markup(let markup): self.literal(HTML(raw: markup))
        case .string, .bigInteger, .bytes, .date, .uuid: value.description
        }
    }

    /// A value inside of another one, where null is there too: for nil, Mustache would look further out for its name.
    static func inner(_ value: SessionValue) -> Any { self.plain(value) ?? NSNull() }

    /// A template that is nothing but the markup: Mustache does not escape a template's text.
    private static func literal(_ html: HTML) -> MustacheTemplate? {
        // No markup has these delimiters, so that braces in it are no tags.
        let markup = html.markup.unicodeScalars.filter { !["\u{1}", "\u{2}"].contains($0) }
        return try? MustacheTemplate(string: self.opening + String(String.UnicodeScalarView(markup)))
    }

    /// Sets the delimiters. The comment after them ends with a control character, to which no accent joins: an accent
    /// at the beginning of the markup would be one character with the last brace, so that Mustache would not find the
    /// end of the tag, and the whole value would be missing.
    private static let opening = "{{=\u{1} \u{2}=}}\u{1}!\u{2}"

    /// A struct, whose properties the tags of a template name.
    private struct Reflection: MustacheParent, MustacheCustomRenderable {
        let value: Any
        let mirror: Mirror

        func child(named name: String) -> Any? {
            self.mirror.children.first { $0.label == name }.flatMap { TemplateValue.wrap($0.value) }
        }

        var renderText: String { String(describing: self.value) }
        var isNull: Bool { false }
    }
}
