// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// An error that is reported in one line; the exit status is 1.
struct ToolError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
