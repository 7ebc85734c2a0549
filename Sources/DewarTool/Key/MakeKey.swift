// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys
import SessionsSupport

/// `dewar key`: prints a new key.
struct MakeKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Prints a new key. (default)",
        discussion: """
            32 random bytes, for secretKey in a configuration, for SECRET_KEY in the environment, and for a key file. \
            The output is the key: an attacker who sees it can sign in as any user. With --json it has the key's \
            fingerprint beside it, by which logs and dewar key list name the key.

            Examples:
              dewar key make
              dewar key make --hex
              dewar key make --json | jq -r .fingerprint
            """)

    @Flag(help: "As a text of hex digits, which Flask takes as it is; the text is the key.")
    var hex = false

    @Flag(help: "As a JSON object: the key and its fingerprint.")
    var json = false

    func run() {
        let key = SecretKey(using: .system)
        guard !self.hex else { return self.report(key.hexText, of: SecretKey(key.hexText)) }
        self.report(key.base64Text, of: key)
    }

    /// - Parameter key: The key that a server makes of the text: of hex digits, their text.
    private func report(_ text: String, of key: SecretKey) {
        let object = JSON.object(["fingerprint": .string(key.fingerprint), "key": .string(text)])
        Console.write(self.json ? object.line : text)
    }
}
