// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

/// A statement's parameters in PostgreSQL's binary format: nil is NULL.
enum Parameter {
    static func bigint(_ number: Int) -> [UInt8] { BigEndian.bytes(number) }

    static func text(_ text: String) -> [UInt8] {
        Array(text.utf8)
    }
}
