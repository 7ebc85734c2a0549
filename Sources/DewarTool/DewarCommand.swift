// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// The command `dewar`.
///
/// A verb is a folder beside this file: a command that lists its own subcommands, each a type.
@main
struct DewarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dewar", abstract: "What a site with Dewar's sessions needs at the command line.",
        subcommands: [KeyCommand.self])

    /// Bad arguments end with status 64 and a line of usage; what cannot be done ends with status 1 and one line.
    static func main() {
        do {
            var command = try Self.parseAsRoot()
            try command.run()
        } catch {
            Self.exit(withError: error)
        }
    }
}
