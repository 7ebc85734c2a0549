// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import TestSupport
import Testing

@testable import SessionsMigration

/// What a migration says in the log, and how often. Its time is that of the store's calls.
@Suite struct MigrationJournalTests {
    private static let now = SampleRecords.now

    private struct Down: Error {}

    private let log = LogRecorder()
    private var journal: MigrationJournal { MigrationJournal(phase: .fill, logger: self.log.logger) }

    private func lines(_ text: String) -> Int {
        self.log.text.split(separator: "\n").count { $0.contains(text) }
    }

    @Test func theProgressIsALineAMinute() {
        let journal = self.journal
        for second in [0, 1, 59] { journal.note(Self.now.addingTimeInterval(TimeInterval(second))) }
        #expect(self.lines("migration of sessions") == 0)
        for (second, count) in [(60, 1), (61, 1), (119, 1), (120, 2), (1000, 3)] {
            journal.note(Self.now.addingTimeInterval(TimeInterval(second)))
            #expect(self.lines("migration of sessions, phase fill") == count, "after \(second) seconds")
        }
        #expect(self.log.warnings == 0)
    }

    /// A store that is down fails with each request. The line of a minute later counts what has failed meanwhile.
    @Test func failuresAreALineAMinuteWithTheirNumber() {
        let journal = self.journal
        journal.note(Self.now)
        for _ in 0..<10 { journal.failed(.new, Down()) }
        #expect(self.log.warnings == 1)
        journal.note(Self.now.addingTimeInterval(59))
        journal.failed(.new, Down())
        #expect(self.log.warnings == 1)
        journal.note(Self.now.addingTimeInterval(60))
        for _ in 0..<10 { journal.failed(.new, Down()) }
        #expect(self.log.warnings == 2)
        #expect(self.lines("could not be kept in the new store; the sessions themselves are safe") == 2)
        #expect(self.lines("\"failures\": 12") == 1)
        #expect(journal.progress.failedCopies == 21)
    }

    /// A clock that is put back makes no line come earlier, and none that is due come later.
    @Test func aClockThatIsPutBackChangesNothing() {
        let journal = self.journal
        journal.note(Self.now)
        journal.note(Self.now.addingTimeInterval(-3600))
        #expect(self.lines("migration of sessions") == 0)
        journal.note(Self.now.addingTimeInterval(60))
        #expect(self.lines("migration of sessions") == 1)
    }
}
