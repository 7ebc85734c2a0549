// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The target of a request line, in its two parts.
package struct RequestTarget {
    /// The path, percent-encoded.
    package let path: String
    /// What follows the question mark, as it was sent; nil without one.
    let queryText: String?

    package init(_ target: String) {
        let bytes = target.utf8
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else {
            self.path = target
            self.queryText = nil
            return
        }
        self.path = String(target[..<mark])
        self.queryText = String(target[bytes.index(after: mark)...])
    }

    var query: MultiDictionary {
        guard let text = self.queryText else { return MultiDictionary() }
        return URLEncodedForm.parse(Array(text.utf8)) ?? MultiDictionary()
    }
}
