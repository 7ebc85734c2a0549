// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys
import SessionsSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar key add FILE`: phase 1.
struct AddKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a new key that is accepted and signs nothing yet; makes the file if there is none.",
        discussion: """
            The first phase of a change, and the first key of a file, which signs at once. A new file belongs to the \
            user who runs the command, so run it as the server's user.

            Examples:
              dewar key add /etc/shop/keys
              dewar key add /etc/shop/keys --json | jq -r '.[].fingerprint'
            """)

    @OptionGroup var options: KeyFileOptions

    func run() throws {
        let key = SecretKey(using: .system)
        try self.options.change(creates: true) { keys in
            try keys.add(key)
            let added = keys.entries.filter { $0.key == key }.map { KeyReport($0, at: Date()) }
            let line =
                keys.entries.count > 1
                ? "\(key.fingerprint) is accepted; when every server has the file: dewar key sign"
                : "\(key.fingerprint) signs; it is the only key"
            return KeyFileReport(lines: [line], keys: added)
        }
    }
}
