// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Writes session values as JSON of some kind; what is inside of lists and dictionaries in the same way for all kinds.
protocol JSONWriter {
    associatedtype Failure: Error

    var output: [UInt8] { get set }
    /// The lists and dictionaries around the value that is being written.
    var containers: [OpenContainer] { get set }

    /// Writes a value without what is in it, which is left open.
    mutating func begin(_ value: SessionValue, depth: Int) throws(Failure)

    /// Writes text in quotes, as a value or as a key.
    mutating func write(_ text: String)
}

extension JSONWriter {
    /// Writes a value with all that is in it.
    mutating func writeAll(_ value: SessionValue) throws(Failure) {
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

    mutating func append(_ text: String) {
        self.output.append(contentsOf: text.utf8)
    }
}

/// A list or a dictionary that has been begun and not ended: what is left of it to write.
///
/// Writers keep those around the value that they are at in an array of their own. A function that called itself for
/// each level would need a frame of the stack for each, and 400 levels overflow the small stacks that some threads
/// have.
struct OpenContainer {
    private let items: [SessionValue]
    private let entries: [SessionDictionary.Element]
    private var index = 0
    /// How many levels deep what is in it stands.
    let depth: Int
    /// What comes after the last of it.
    let ending: String

    init(_ items: [SessionValue], depth: Int, ending: String = "") {
        (self.items, self.entries) = (items, [])
        (self.depth, self.ending) = (depth, ending)
    }

    init(_ entries: [SessionDictionary.Element], depth: Int, ending: String = "") {
        (self.items, self.entries) = ([], entries)
        (self.depth, self.ending) = (depth, ending)
    }

    /// Whether nothing of it has been taken yet.
    var isAtStart: Bool { self.index == 0 }

    /// The next item, or the next entry with its key; nil when there is none left.
    mutating func next() -> (key: String?, value: SessionValue)? {
        defer { self.index += 1 }
        if self.index < self.items.count { return (nil, self.items[self.index]) }
        if self.index < self.entries.count { return (self.entries[self.index].key, self.entries[self.index].value) }
        return nil
    }
}
