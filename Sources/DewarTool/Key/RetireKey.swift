// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys

/// `dewar key retire FILE`: phase 3.
struct RetireKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "Takes the old keys out; sessions that are still under them end.")

    @OptionGroup var options: KeyFileOptions

    func run() throws {
        try self.options.change { keys in
            let gone = try keys.retire()
            return KeyFileReport(
                lines: gone.map { "\($0.fingerprint) is gone" }, keys: gone.map { KeyReport(gone: $0) })
        }
    }
}
