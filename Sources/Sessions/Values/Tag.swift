// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The keys that mark a one-entry object as something else than a dictionary (`flask/json/tag.py`, lines 93 to 216).
enum Tag: String, CaseIterable {
    case escapedDictionary = " di"
    case tuple = " t"
    case bytes = " b"
    case markup = " m"
    case uuid = " u"
    case date = " d"

    /// What Flask appends to a real key that looks like a tag.
    static let escape = "__"

    init?(key: String) {
        // Every tag begins with a space, which hardly any key does.
        guard key.utf8.first == UInt8(ascii: " ") else { return nil }
        self.init(rawValue: key)
    }
}
