// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A server of the tests does not do what it has to.
struct ServerError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
