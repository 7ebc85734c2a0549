// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar sessions list`.
struct ListSessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists live sessions, a page at a time.",
        discussion: """
            The order is the store's own and means nothing; one user's sessions come last used first. After a page \
            that is not the last, standard error has the command for the next page.

            Examples:
              dewar sessions list --store redis://cache.internal:6379
              dewar sessions list --older-than 30d --limit 1000
              dewar sessions list --all --json | jq -r '.[].id'
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var filter: SessionFilter

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit: Int?

    @Option(help: ArgumentHelp("Where the page before ended, as its last line said.", valueName: "cursor"))
    var after: String?

    @Flag(help: "All of them, not only a page.")
    var all = false

    @Flag(help: "As an array of JSON objects, one a line.")
    var json = false

    private static let defaultLimit = 50

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1 on.") }
        if self.all, self.limit != nil { throw ValidationError("Say --all or --limit, not both.") }
        if self.filter.user != nil, self.after != nil {
            throw ValidationError("--after is for the sessions of all users; those of one user are a single page.")
        }
    }

    func run() async throws {
        try await self.store.withStore { store in
            let now = Date()
            var output = SessionOutput(isJSON: self.json, now: now)
            var left = self.all ? Int.max : self.limit ?? Self.defaultLimit
            var cursor = self.after.map { SessionScanCursor($0) }
            repeat {
                let page = try await self.filter.page(of: store, after: cursor, limit: left, at: now)
                for session in page.sessions.prefix(left) { output.add(session) }
                left -= min(page.sessions.count, left)
                cursor = page.next
                if page.next == nil, left == 0, self.filter.user != nil { self.noteCut(page.sessions.count) }
            } while left > 0 && cursor != nil
            output.end()
            if let cursor { Console.note("There may be more: add --after '\(cursor)'") }
        }
    }

    private func noteCut(_ count: Int) {
        let limit = self.limit ?? Self.defaultLimit
        if count > limit { Console.note("The user has \(Printable.count(count)) sessions: add --all") }
    }
}

/// Writes sessions as they come: a table, or an array.
struct SessionOutput {
    let isJSON: Bool
    let now: Date
    private var count = 0
    /// Redis may list a session twice.
    private var seen = Set<SessionID>()

    init(isJSON: Bool, now: Date) {
        self.isJSON = isJSON
        self.now = now
    }

    mutating func add(_ session: SessionSummary) {
        guard self.seen.insert(session.id).inserted else { return }
        let line = SessionLine(session: session, now: self.now)
        if self.isJSON {
            Console.write((self.count == 0 ? "[" : ",") + line.json.line)
        } else {
            if self.count == 0 { Console.write(Style.current.bold(SessionLine.header)) }
            Console.write(line.text)
        }
        self.count += 1
    }

    func end() {
        if self.isJSON {
            Console.write(self.count == 0 ? "[]" : "]")
        } else if self.count == 0 {
            Console.note("There are no such sessions.")
        }
    }
}
