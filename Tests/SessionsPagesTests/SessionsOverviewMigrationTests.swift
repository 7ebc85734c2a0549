// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import SessionsMigration
import SessionsPages
import SessionsTesting
import SessionsTracing
import TestSupport
import Testing

/// The operator's page of a site whose sessions are on their way from one store to another.
@Suite struct SessionsOverviewMigrationTests {
    private let old = MemoryStore()
    private let new = MemoryStore()

    private func row(_ title: String, _ store: String, _ numbers: [(String, String)]) -> String {
        let parts = [(title, store)] + numbers
        return "<dl class=\"numbers\">\n"
            + parts.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" }.joined() + "</dl>\n"
    }

    private func counted(_ title: String, _ sessions: Int, _ signedIn: Int, _ users: Int) -> String {
        self.row(
            title, "MemoryStore",
            [
                ("Live sessions", "\(sessions)"), ("Signed-in sessions", "\(signedIn)"),
                ("Signed-in users", "\(users)"),
            ])
    }

    @Test func eachStoreHasARow() async throws {
        let filling = try OperatorSite(.stored(in: MigratingStore(from: self.old, to: self.new, phase: .fill)))
        let ada = try await filling.signedIn()
        _ = try await (filling.signedIn(as: "grace"), filling.signedIn(as: "grace"))
        try await OperatorVisitor(filling).visit { $0["cart"] = 1 }
        // Each session has a copy in the new store, which is none.
        #expect(self.old.count == 4 && self.new.count == 4)
        let page = try await ada.page()
        #expect(page.contains(self.counted("Old store", 4, 3, 2) + self.counted("New store", 0, 0, 0)))
        #expect(page.contains("on their way from the old store to the new one"))

        let draining = try OperatorSite(.stored(in: MigratingStore(from: self.old, to: self.new, phase: .drain)))
        let eve = try await draining.signedIn()
        #expect(
            try await eve.page().contains(self.counted("Old store", 4, 3, 2) + self.counted("New store", 1, 1, 1)))
        // A search finds the sessions of either.
        let found = try await eve.page(["user": "grace"])
        #expect(found.ranges(of: "name=\"session\"").count == 2)
    }

    @Test func aTracedMigrationHasBothRows() async throws {
        let store = TracedStore(MigratingStore(from: TracedStore(self.old), to: self.new, phase: .both))
        let page = try await OperatorSite(.stored(in: store)).signedIn().page()
        #expect(page.contains("<dt>Old store</dt><dd>TracedStore&lt;MemoryStore&gt;</dd></div>"))
        #expect(page.contains(self.counted("New store", 0, 0, 0)))
    }

    /// The page must not stop because one store does: the site goes on too.
    @Test func aStoreThatFailsOrCannotListHasARow() async throws {
        let failing = GatedStore()
        failing.fails = true
        let store = MigratingStore(from: self.old, to: failing, phase: .fill)
        let page = try await OperatorSite(.stored(in: store)).signedIn().page()
        #expect(page.contains(self.counted("Old store", 1, 1, 1)))
        #expect(
            page.contains(
                self.row("New store", "GatedStore", [("Live sessions", "not known: the store failed")])))

        let plain = MigratingStore(from: OutageStore(MemoryStore()), to: self.new, phase: .both)
        let other = try await OperatorSite(.stored(in: plain)).signedIn().page()
        #expect(
            other.contains(
                self.row("Old store", "OutageStore", [("Live sessions", "cannot be counted")])
                    + self.counted("New store", 0, 0, 0)))
    }

    /// What lists the sessions of one of the two stores, as the command does, passes over the copies too.
    @Test func aCopyIsNoSession() async throws {
        let store = MigratingStore(from: self.old, to: self.new, phase: .fill)
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        #expect(try await store.write(SampleRecords.record(1), replacing: nil, at: now))
        let inOld = try self.old.scan(after: nil, limit: 10, at: now).sessions
        let inNew = try self.new.scan(after: nil, limit: 10, at: now).sessions
        #expect(inOld.map(\.isSession) == [true] && inNew.map(\.isSession) == [false])
    }
}
