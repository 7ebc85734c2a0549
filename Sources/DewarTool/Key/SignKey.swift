// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import SessionsKeys

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar key sign FILE`: phase 2.
struct SignKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Lets the next key sign; the one that signed is still accepted.",
        discussion: """
            The second phase, once every server has the file with the new key in it.

            Examples:
              dewar key sign /etc/shop/keys
              dewar key sign /etc/shop/keys --retire-after 30
            """)

    @OptionGroup var options: KeyFileOptions

    @Option(
        help: ArgumentHelp(
            "End the old key by itself after so many whole days (UTC); they must be longer than sessions are idle.",
            valueName: "days"))
    var retireAfter: Int?

    func validate() throws {
        if let days = self.retireAfter, !(1...36_500).contains(days) {
            throw ValidationError("--retire-after takes a number of days from 1 to 36500.")
        }
    }

    func run() throws {
        let now = Date()
        let end = self.retireAfter.map { KeyFileDate.end(days: $0, after: now) }
        try self.options.change { keys in
            let old = keys.entries.first { $0.phase == .sign }?.key
            try keys.sign(retiringAt: end)
            let new = keys.entries.first { $0.phase == .sign }?.key
            let until = end.map(KeyFileDate.text).map { "until \($0)" }
            let rest = until ?? "until: dewar key retire, when sessions have been idle once"
            let changed = [new, old].compactMap { key in keys.entries.first { $0.key == key } }
            return KeyFileReport(
                lines: ["\(new?.fingerprint ?? "") signs", "\(old?.fingerprint ?? "") is accepted \(rest)"],
                keys: changed.map { KeyReport($0, at: now) })
        }
    }
}
