// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `dewar sessions stats`.
struct SessionStatistics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Counts the live sessions, and shows how old they are.",
        discussion: """
            It reads all sessions once, a page at a time, without their contents. On a terminal it draws bars.

            Example:
              dewar sessions stats --store sqlite:sessions.sqlite
            """)

    @OptionGroup var store: StoreOptions

    @Flag(help: "As a JSON object.")
    var json = false

    func run() async throws {
        try await self.store.withStore { store in
            var progress = Progress("reading sessions")
            var histogram = AgeHistogram(now: Date())
            var cursor: SessionScanCursor?
            repeat {
                let page = try await store.scan(after: cursor, limit: 1000, at: histogram.now)
                for session in page.sessions where session.isSession { histogram.add(session) }
                progress.show(histogram.total)
                cursor = page.next
            } while cursor != nil
            progress.end()
            if self.json {
                Console.write(histogram.json.line)
            } else {
                for line in histogram.lines(withBars: Console.isTerminal) { Console.write(line) }
            }
        }
    }
}

/// How many sessions there are of each age.
struct AgeHistogram {
    /// An age that a session is younger than, in seconds; the last has no limit.
    struct Step {
        let name: String
        let limit: Int
        var count = 0
    }

    let now: Date
    private(set) var total = 0
    private var signedIn = 0
    private var bytes = 0
    /// Redis may show a session twice, and it counts once.
    private var seen = Set<SessionID>()
    private(set) var steps = [
        Step(name: "under 1 minute", limit: 60), Step(name: "under 1 hour", limit: 3600),
        Step(name: "under 6 hours", limit: 6 * 3600), Step(name: "under 1 day", limit: 86_400),
        Step(name: "under 1 week", limit: 7 * 86_400), Step(name: "under 30 days", limit: 30 * 86_400),
        Step(name: "30 days or more", limit: .max),
    ]

    init(now: Date) {
        self.now = now
    }

    mutating func add(_ session: SessionSummary) {
        guard self.seen.insert(session.id).inserted else { return }
        self.total += 1
        self.signedIn += session.user == nil ? 0 : 1
        self.bytes += session.contentsSize
        let age = (self.now.milliseconds - session.createdAt.milliseconds) / 1000
        if let index = self.steps.firstIndex(where: { age < $0.limit }) { self.steps[index].count += 1 }
    }

    func lines(withBars: Bool) -> [String] {
        let most = max(self.steps.map(\.count).max() ?? 0, 1)
        let rows = self.steps.map { step in
            let name = Printable.padded(step.name, 16)
            let count = Printable.count(step.count)
            let number = String(repeating: " ", count: max(12 - count.count, 0)) + count
            guard withBars, step.count > 0 else { return name + number }
            return name + number + "  " + String(repeating: "█", count: max(step.count * 40 / most, 1))
        }
        return [
            "\(Printable.count(self.total, "live session")), \(Printable.count(self.signedIn)) of signed-in users, "
                + "\(Printable.size(self.bytes)) of contents"
        ] + rows
    }

    var json: JSON {
        .object([
            "sessions": .int(self.total), "signedIn": .int(self.signedIn), "contentsSize": .int(self.bytes),
            "ages": .array(
                self.steps.map { step in
                    .object([
                        "name": .string(step.name), "underSeconds": step.limit == .max ? .null : .int(step.limit),
                        "sessions": .int(step.count),
                    ])
                }),
        ])
    }
}
