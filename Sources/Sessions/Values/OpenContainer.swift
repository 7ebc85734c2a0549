// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A list or a dictionary that has been begun and not ended: what is left of it to write.
///
/// Writers keep those around the value that they are at in an array of their own. A function that called itself for each
/// level would need a frame of the stack for each, and 400 levels overflow the small stacks that some threads have.
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
