// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// The command `dewar`.
///
/// Each verb has a folder beside this file, with a command that lists its subcommands. Each subcommand is a type.
@main
struct DewarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dewar", abstract: "What a site with Dewar's sessions needs at the command line.",
        discussion: """
            Each command explains itself with examples: dewar sessions list --help.

            The exit status is 0 for success, 1 for a failure, 2 if the answer is no (no such session, a cookie that \
            no key verifies, findings of an audit), and 64 for wrong arguments. An error is one line on standard \
            error.
            """,
        subcommands: [
            NewCommand.self, RunCommand.self, KeyCommand.self, SessionsCommand.self, CookieCommand.self,
            AuditCommand.self,
        ])

    static func main() async {
        do {
            try Self.checkHelp(CommandLine.arguments.dropFirst())
            var command = try Self.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Self.end(with: error)
        }
    }

    /// Refuses `dewar help NAME` for a name that no command has: the parser would show the help of all.
    private static func checkHelp(_ arguments: some Sequence<String>) throws(ValidationError) {
        let words = arguments.filter { !$0.hasPrefix("-") }
        guard words.first == "help" else { return }
        var commands = Self.configuration.subcommands
        for name in words.dropFirst() where name != "help" {
            guard let command = commands.first(where: { $0.configuration.commandName == name }) else {
                throw ValidationError("There is no command \(Printable.text(name)); dewar help lists them.")
            }
            commands = command.configuration.subcommands
        }
    }

    /// Ends with the error's status, after one line. Help that was asked for is no error.
    private static func end(with error: any Error) -> Never {
        let status = (error as? ToolError)?.status.rawValue ?? Self.exitCode(for: error).rawValue
        guard status != 0, !(error is ExitCode) else { Self.exit(withError: error) }
        let lines = Self.message(for: error).split(whereSeparator: \.isNewline)
        Console.note("Error: " + Printable.text(lines.joined(separator: " ")))
        Self.exit(withError: ExitCode(status))
    }
}
