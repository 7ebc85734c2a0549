// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar key check FILE`: whether a server would accept a file.
struct CheckKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Checks that a server would take the file, with status 1 if not.",
        discussion: """
            It refuses what a server refuses: a file that other users can read or write, a line that cannot be read, \
            two keys that sign or none, and a key that could be guessed. It names keys whose end has passed.

            Examples:
              dewar key check /etc/shop/keys
              dewar key check /etc/shop/keys --json | jq '.[] | select(.ended)'
              dewar key check tutorial-keys --allow-weak
            """)

    @OptionGroup var options: KeyFileOptions

    @Flag(help: "Allow keys that could be guessed, as the server does with .flask.")
    var allowWeak = false

    func run() throws {
        let file = try self.options.read()
        let keys = try file.keys()
        if !self.allowWeak { try Self.checkStrength(of: file) }
        let now = Date()
        let reports = file.entries.map { KeyReport($0, at: now) }
        let lines =
            ["\(keys.current.fingerprint) signs, \(keys.accepted.count) accepted besides"]
            + reports.filter(\.hasEnded).map { "\($0.fingerprint) has ended and can go: dewar key retire" }
        KeyFileReport(lines: lines, keys: reports).write(asJSON: self.options.json)
    }

    private static func checkStrength(of file: KeyFile) throws {
        for entry in file.entries {
            guard let weakness = KeyStrength.weakness(of: entry.key) else { continue }
            throw ToolError("The key \(entry.key.fingerprint) in \(file.path) \(weakness). \(KeyStrength.advice)")
        }
    }
}
