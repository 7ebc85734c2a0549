// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Mustache
import Sessions

// Values go 400 levels deep, and some threads have small stacks. So each of these makes one level, when a tag names it,
// and neither it nor its text is recursive.

/// A list of a session, which a section goes through.
struct SessionItems: MustacheSequence, MustacheCustomRenderable, MustacheTransformable {
    /// The list or the tuple.
    let value: SessionValue
    /// What is in it.
    let items: [SessionValue]

    func makeIterator() -> AnyIterator<Any> {
        var items = self.items.makeIterator()
        return AnyIterator { items.next().map { TemplateValue.inner($0) } }
    }

    var renderText: String { self.value.description }
    var isNull: Bool { false }

    /// What Mustache can do with an array.
    func transform(_ name: String) -> Any? {
        switch name {
        case "first": self.items.first.flatMap { TemplateValue.plain($0) }
        case "last": self.items.last.flatMap { TemplateValue.plain($0) }
        case "reversed": TemplateValue.plain(.list(self.items.reversed()))
        case "count": self.items.count
        case "empty": self.items.isEmpty
        default: nil
        }
    }
}

/// A dictionary of a session, whose keys tags name.
///
/// It stays the session's own: two keys that differ by bytes alone, as `é` in one code point and in two, are one key
/// for a dictionary of Swift, which would end the process where a visitor has chosen both.
struct SessionEntries: MustacheParent, MustacheCustomRenderable, MustacheTransformable {
    let entries: SessionDictionary

    func child(named name: String) -> Any? { self.entries[name].map { TemplateValue.inner($0) } }

    var renderText: String { SessionValue.dictionary(self.entries).description }
    var isNull: Bool { false }

    /// What Mustache can do with a dictionary.
    func transform(_ name: String) -> Any? {
        switch name {
        case "enumerated": self.pairs
        case "sorted": self.pairs.sorted { $0.key < $1.key }
        case "count": self.entries.count
        case "empty": self.entries.isEmpty
        default: nil
        }
    }

    private var pairs: [(key: String, value: Any)] {
        self.entries.map { (key: $0.key, value: TemplateValue.inner($0.value)) }
    }
}
