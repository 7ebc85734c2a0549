// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// `dewar key`: secret keys.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Makes a secret key, and changes the keys in a file; no visitor is signed out.",
        discussion: """
            The three phases, each on every server before the next:
              dewar key add FILE      a new key is accepted, and signs nothing yet
              dewar key sign FILE     it signs, and the old one is still accepted
              dewar key retire FILE   the old one goes, when the sessions under it have been sent again or have ended
            """,
        subcommands: [MakeKey.self, AddKey.self, SignKey.self, RetireKey.self, ListKeys.self, CheckKeys.self],
        defaultSubcommand: MakeKey.self)
}
