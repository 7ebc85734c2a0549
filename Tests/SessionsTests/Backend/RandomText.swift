// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsTesting

/// Text that hardly compresses, the same at every run.
enum RandomText {
    static func letters(_ count: Int) -> String {
        var generator = SeededGenerator(seed: 1)
        let bytes = (0..<count).map { _ in UInt8.random(in: 0x61...0x7A, using: &generator) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
