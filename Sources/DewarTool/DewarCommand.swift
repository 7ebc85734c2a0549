// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// The command `dewar`.
///
/// Each verb has a folder beside this file, with a command that lists its subcommands. Each subcommand is a type.
@main
struct DewarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dewar", abstract: "What a site with Dewar's sessions needs at the command line.",
        subcommands: [KeyCommand.self])

    /// Bad arguments exit with status 64 and a line of usage. A command that fails exits with status 1 and one line.
    static func main() {
        do {
            var command = try Self.parseAsRoot()
            try command.run()
        } catch {
            Self.exit(withError: error)
        }
    }
}
