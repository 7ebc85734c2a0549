// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Testing

/// Something that a handler does to its session.
struct Action: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let run: @Sendable (Session) -> Void

    init(_ name: String, _ run: @escaping @Sendable (Session) -> Void) {
        self.testDescription = name
        self.run = run
    }
}
