// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Whether a key could be guessed: a signed cookie lets anybody try keys offline, as fast as their machines go.
package enum KeyStrength {
    /// 256 bits, where guessing ends.
    static let minimumBytes = 32

    /// What is wrong with a key, or nil. The text names no part of the key.
    package static func weakness(of key: SecretKey) -> String? {
        if PrintedKeys.contain(key) { return "is printed in documentation" }
        if key.bytes.count < Self.minimumBytes {
            return "has \(key.bytes.count) bytes; at least \(Self.minimumBytes) random ones are needed"
        }
        if Set(key.bytes).count < 8 { return "repeats a few characters over and over" }
        if KeyPattern.isPredictable(key.bytes) {
            return "repeats itself, or follows the alphabet, the digits or the keyboard"
        }
        return nil
    }

    package static let advice = "Make a good one with: dewar key"
}
