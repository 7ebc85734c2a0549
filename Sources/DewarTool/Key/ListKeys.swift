// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys

/// `dewar key list FILE`: the keys of a file, by their fingerprints.
struct ListKeys: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the fingerprints of the keys, what they are for and when they end.")

    @OptionGroup var options: KeyFileOptions

    func run() throws {
        for entry in try self.options.read().entries {
            let phase = entry.phase.rawValue
            let column = phase + String(repeating: " ", count: max(7 - phase.utf8.count, 1))
            Console.write(
                column + entry.key.fingerprint + (entry.end.map { " until \(KeyFileDate.text($0))" } ?? ""))
        }
    }
}
