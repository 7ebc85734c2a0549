// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser

/// `dewar audit URL`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Checks what a running site sends against the standards for sessions.",
        discussion: """
            It asks for one page up to eleven times, with GET only: as a new visitor, with the cookies that it got, \
            and with sessions that no server gave. It follows redirects, and checks cookies, caching, redirects and \
            header fields. The findings come worst first, each with the requirement that \
            docs/SECURITY-REQUIREMENTS.md explains, and with what to change. The status is 2 if there are any.

            What only a signed-in visitor sees is not checked, and neither is what a form does.

            Examples:
              dewar audit https://shop.example.com/
              dewar audit --json http://127.0.0.1:5000/login
            """)

    @Argument(help: ArgumentHelp("The page, better one that uses a session.", valueName: "url"))
    var url: String

    @Option(
        help: ArgumentHelp(
            "The name of the session's cookie; otherwise it is told by names and values.", valueName: "name"))
    var cookie: String?

    @Option(help: ArgumentHelp("How many seconds one answer may take.", valueName: "seconds"))
    var timeout = 10

    @Flag(help: "As an array of JSON objects.")
    var json = false

    func validate() throws {
        guard AuditURL(self.url) != nil else {
            throw ValidationError("The page is an address with http:// or https://, without a user and without #.")
        }
        guard (1...300).contains(self.timeout) else {
            throw ValidationError("--timeout takes a number of seconds from 1 to 300.")
        }
        if self.cookie?.isEmpty ?? false { throw ValidationError("--cookie takes the name of a cookie.") }
    }

    func run() async throws {
        guard let start = AuditURL(self.url) else { return }
        let client = AuditClient(timeout: .seconds(self.timeout))
        var audit = SiteAudit(sessionName: self.cookie) { try await client.get($0, cookie: $1) }
        try await audit.run(start)
        if self.json {
            Console.write(JSON.array(audit.findings.map(\.json)).line)
        } else {
            for step in audit.steps { Console.note(Printable.text(step)) }
            for finding in audit.findings { finding.lines(.current).forEach(Console.write) }
            Console.write(Self.summary(audit.findings))
        }
        guard audit.findings.isEmpty else { throw ExitCode(ToolStatus.negative.rawValue) }
    }

    private static func summary(_ findings: [AuditFinding]) -> String {
        guard !findings.isEmpty else { return "no findings" }
        let counts = AuditFinding.Severity.allCases.map { severity in
            "\(findings.count { $0.severity == severity }) \(severity.name)"
        }
        return counts.joined(separator: ", ")
    }
}
