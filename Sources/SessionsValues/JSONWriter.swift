// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSupport

/// Writes session values as some form of JSON; lists and dictionaries are walked in the same way for every form.
package protocol JSONWriter {
    associatedtype Failure: Error

    var output: [UInt8] { get set }
    /// The lists and dictionaries around the value that is being written.
    var containers: [OpenContainer] { get set }

    /// Writes a scalar, or the beginning of a list or dictionary, which it adds to `containers`.
    mutating func begin(_ value: SessionValue, depth: Int) throws(Failure)

    /// Writes text in quotes, as a value or as a key.
    mutating func write(_ text: String)
}

extension JSONWriter {
    /// Writes a value with everything inside it.
    package mutating func writeAll(_ value: SessionValue) throws(Failure) {
        try self.begin(value, depth: 0)
        while let last = self.containers.indices.last {
            let isFirst = self.containers[last].isAtStart
            guard let (key, value) = self.containers[last].next() else {
                self.append(self.containers.removeLast().ending)
                continue
            }
            if !isFirst { self.append(",") }
            if let key {
                self.write(key)
                self.append(":")
            }
            try self.begin(value, depth: self.containers[last].depth)
        }
    }

    package mutating func append(_ text: String) {
        self.output.append(contentsOf: text.utf8)
    }
}

/// The rest of a list or dictionary whose beginning has been written.
///
/// Writers keep the containers around the current value in an array. A recursive function would need a stack frame for
/// each level, and 400 levels overflow the small stacks of some threads.
package struct OpenContainer {
    private let items: [SessionValue]
    private let entries: [SessionDictionary.Element]
    private var index = 0
    /// The nesting depth of the values inside.
    package let depth: Int
    /// The text to write after the last value.
    package let ending: String

    package init(_ items: [SessionValue], depth: Int, ending: String = "") {
        (self.items, self.entries) = (items, [])
        (self.depth, self.ending) = (depth, ending)
    }

    package init(_ entries: [SessionDictionary.Element], depth: Int, ending: String = "") {
        (self.items, self.entries) = ([], entries)
        (self.depth, self.ending) = (depth, ending)
    }

    /// Whether `next` has given nothing yet.
    var isAtStart: Bool { self.index == 0 }

    /// The next item, or the next entry with its key; nil when there is none left.
    package mutating func next() -> (key: String?, value: SessionValue)? {
        defer { self.index += 1 }
        if self.index < self.items.count { return (nil, self.items[self.index]) }
        if self.index < self.entries.count { return (self.entries[self.index].key, self.entries[self.index].value) }
        return nil
    }
}
