// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys

/// `dewar key retire FILE`: phase 3.
struct RetireKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "Takes the old keys out; sessions that are still under them end.",
        discussion: """
            The third phase. No visitor is signed out if the servers have signed with the new key for one idle \
            timeout: docs/KEYS.md. Keys that have ended go too.

            Examples:
              dewar key retire /etc/shop/keys
              dewar key retire /etc/shop/keys --json | jq -r '.[].fingerprint'
            """)

    @OptionGroup var options: KeyFileOptions

    func run() throws {
        try self.options.change { keys in
            let gone = try keys.retire()
            return KeyFileReport(
                lines: gone.map { "\($0.fingerprint) is gone" }, keys: gone.map { KeyReport(gone: $0) })
        }
    }
}
