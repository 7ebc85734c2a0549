// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A statement with its parameters left open. Nothing that comes from outside is ever part of the text.
struct Statement: Sendable {
    /// What a connection calls it once it is prepared; empty for one that is planned each time, for its values.
    let name: String
    let text: String

    init(_ text: String) {
        self.init("", text)
    }

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }
}
