// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A statement without its parameters. Its text never contains input from outside.
struct Statement: Sendable {
    /// The name under which a connection prepares it; empty for a statement that is planned each time, for its
    /// parameters.
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
