// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar key list FILE`: the keys of a file, by their fingerprints.
struct ListKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the fingerprints of the keys, what they are for and when they end.",
        discussion: """
            A fingerprint is eight hex digits of a hash. Servers log it, and it names the key in a sealed cookie.

            Examples:
              dewar key list /etc/shop/keys
              dewar key list /etc/shop/keys --json | jq -r '.[].fingerprint'
            """)

    @OptionGroup var options: KeyFileOptions

    func run() throws {
        let now = Date()
        let keys = try self.options.read().entries.map { KeyReport($0, at: now) }
        KeyFileReport(lines: keys.map(\.line), keys: keys).write(asJSON: self.options.json)
    }
}
