// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys
import SessionsSupport

/// `dewar key`: prints a new key.
struct MakeKey: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "make", abstract: "Prints a new key. (default)")

    @Flag(help: "As a text of hex digits, which Flask takes as it is; the text is the key.")
    var hex = false

    func run() {
        let key = SecretKey(using: .system)
        Console.write(self.hex ? key.hexText : key.base64Text)
    }
}
