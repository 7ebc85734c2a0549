// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What could not be done, in one line; the exit status is 1.
struct ToolError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
