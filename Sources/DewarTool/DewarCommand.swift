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

    /// Ends with the error's status, after one line. Help that was asked for is no error.
    private static func end(with error: any Error) -> Never {
        let status = (error as? ToolError)?.status.rawValue ?? Self.exitCode(for: error).rawValue
        guard status != 0, !(error is ExitCode) else { Self.exit(withError: error) }
        let lines = Self.message(for: error).split(whereSeparator: \.isNewline)
        Console.note("Error: " + Printable.text(lines.joined(separator: " ")))
        Self.exit(withError: ExitCode(status))
    }
}
