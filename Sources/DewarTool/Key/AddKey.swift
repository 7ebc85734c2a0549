// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys
import SessionsSupport

/// `dewar key add FILE`: phase 1.
struct AddKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a new key that is accepted and signs nothing yet; makes the file if there is none.")

    @OptionGroup var options: KeyFileOptions

    func run() throws {
        let key = SecretKey(using: .system)
        try self.options.change(creates: true) { keys in
            try keys.add(key)
            guard keys.entries.count > 1 else { return ["\(key.fingerprint) signs; it is the only key"] }
            return ["\(key.fingerprint) is accepted; when every server has the file: dewar key sign"]
        }
    }
}
