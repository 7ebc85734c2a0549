// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Whether a key could be guessed: a signed cookie lets anybody try keys offline, as fast as their machines go.
package enum KeyStrength {
    /// 256 bits, where guessing ends.
    static let minimumBytes = 32

    /// What is wrong with a key, or nil. The text names no part of the key.
    package static func weakness(of key: SecretKey) -> String? {
        if Self.wellKnown.contains(key) { return "is printed in tutorials" }
        if key.bytes.count < Self.minimumBytes {
            return "has \(key.bytes.count) bytes; at least \(Self.minimumBytes) random ones are needed"
        }
        if Set(key.bytes).count < 8 { return "repeats a few characters over and over" }
        return nil
    }

    package static let advice = "Make a good one with: dewar key"

    private static let wellKnown: Set<SecretKey> = [
        "any random string", "any random string’", "your_secret_key", "dev", "secret", "secret key", "secret-key",
        "super secret key", "super-secret-key", "supersecretkey", "mysecret", "mysecretkey", "my_secret_key",
        "changeme",
        "change-me", "change me", "development key", "thisisasecretkey", "you-will-never-guess",
        "192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf",
        SecretKey(bytes: Array("_5#y2L\"F4Q8z\n".utf8) + [0xEC] + Array("]/".utf8)),
    ]
}
