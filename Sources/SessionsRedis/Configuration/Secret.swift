// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A text that no description, dump or mirror shows.
struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    var text: String?

    var description: String { self.text == nil ? "none" : "***" }

    var customMirror: Mirror { Mirror(self, children: []) }
}
