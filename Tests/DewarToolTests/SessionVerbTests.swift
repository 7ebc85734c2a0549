// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import ArgumentParser
import Foundation
import Sessions
import Synchronization
import Testing

@testable import DewarTool

/// A store whose index of users lags: it names a session that has another user by now.
private struct LateIndexStore: ScannableSessionStore {
    let base: MemoryStore
    let named: [SessionID]

    func read(_ id: SessionID, at now: Date) -> SessionRecord? { self.base.read(id, at: now) }
    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool {
        self.base.write(record, replacing: version, at: now)
    }
    func remove(_ id: SessionID, ifVersion version: Int?) -> Bool { self.base.remove(id, ifVersion: version) }
    func removeExpired(at now: Date, limit: Int) -> Int { self.base.removeExpired(at: now, limit: limit) }
    func ids(ofUser user: String, at now: Date) -> [SessionID] { self.named }
    func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) throws -> SessionPage {
        try self.base.scan(after: cursor, limit: limit, at: now)
    }
}

/// A store that fails after so many writes, like one whose disk is full.
private final class FailingStore: SessionStore, Sendable {
    struct Failure: Error, CustomStringConvertible {
        let description = "The store is full."
    }

    let base = MemoryStore()
    private let left: Mutex<Int>

    init(after writes: Int) {
        self.left = Mutex(writes)
    }

    func read(_ id: SessionID, at now: Date) -> SessionRecord? { self.base.read(id, at: now) }
    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) throws -> Bool {
        try self.left.withLock { left in
            guard left > 0 else { throw Failure() }
            left -= 1
        }
        return self.base.write(record, replacing: version, at: now)
    }
    func remove(_ id: SessionID, ifVersion version: Int?) -> Bool { self.base.remove(id, ifVersion: version) }
    func removeExpired(at now: Date, limit: Int) -> Int { self.base.removeExpired(at: now, limit: limit) }
    func ids(ofUser user: String, at now: Date) -> [SessionID] { self.base.ids(ofUser: user, at: now) }
}

/// What `dewar sessions` does to stores, on stores in memory.
@Suite struct SessionVerbTests {
    private let now = Date()

    private func record(user: String? = nil, age: TimeInterval = 60, contents: Int = 10) -> SessionRecord {
        let began = Date(timeIntervalSince1970: (self.now.timeIntervalSince1970 - age).rounded(.down))
        return SessionRecord(
            id: SessionID(using: .system), secretHash: [UInt8](repeating: 1, count: 32),
            contents: [UInt8](repeating: 65, count: contents), createdAt: began, idleTimeout: .seconds(30 * 86_400),
            user: user)
    }

    private func store(_ records: [SessionRecord]) -> MemoryStore {
        let store = MemoryStore()
        for record in records { _ = store.write(record, replacing: nil, at: self.now) }
        return store
    }

    @Test func aUsersSessionsEndAndNobodyElses() async throws {
        let records = [self.record(user: "alice"), self.record(user: "bob"), self.record(user: "alice"), self.record()]
        let store = self.store(records)
        let ending = SessionEnding(store: store, now: self.now)
        #expect(try await ending.end(ofUser: "alice") == 2)
        #expect(records.map { store.read($0.id, at: self.now) == nil } == [true, false, true, false])
        #expect(try await ending.end(ofUser: "alice") == 0)
    }

    @Test func whatIsNoSessionIsNeitherListedNorEnded() async throws {
        let session = self.record(user: "alice")
        let segment = self.record(user: "dewar.revocations")
        var count = self.record()
        count.deviceLabel = "dewar.sign-in-limit"
        let store = self.store([session, segment, count])
        let page = try await SessionFilter.parse([]).page(of: store, after: nil, limit: 10, at: self.now)
        #expect(page.sessions.map(\.id) == [session.id])
        let reserved = try SessionFilter.parse(["--user", "dewar.revocations"])
        #expect(try await reserved.page(of: store, after: nil, limit: 10, at: self.now).sessions == [])
        let ending = SessionEnding(store: store, now: self.now)
        #expect(try await ending.end([segment.id, count.id]) == 0)
        #expect(try await ending.end(ofUser: "dewar.revocations") == 0)
        #expect(try await ending.endAll() == 1)
        #expect(store.read(segment.id, at: self.now) != nil && store.read(count.id, at: self.now) != nil)
    }

    @Test func whatIsNoSessionIsCopiedAndNotCounted() async throws {
        let (session, segment) = (self.record(user: "alice"), self.record(user: "dewar.revocations"))
        let (source, target) = (self.store([session, segment]), MemoryStore())
        var copy = SessionCopy(from: source, to: target)
        try await copy.run()
        #expect(copy.json.line == #"{"copied": 1, "present": 0, "newer": 0, "ended": 0}"#)
        #expect(target.read(segment.id, at: self.now) == segment)
    }

    @Test func aSessionThatHasAnotherUserByNowIsSpared() async throws {
        let (mine, other) = (self.record(user: "alice"), self.record(user: "bob"))
        let store = LateIndexStore(base: self.store([mine, other]), named: [mine.id, other.id])
        #expect(try await SessionEnding(store: store, now: self.now).end(ofUser: "alice") == 1)
        #expect(store.read(mine.id, at: self.now) == nil && store.read(other.id, at: self.now) != nil)
    }

    @Test func everybodysSessionsEndButForThoseThatBeginLater() async throws {
        let store = self.store((0..<1200).map { _ in self.record() })
        let later = self.record(age: -5)
        _ = store.write(later, replacing: nil, at: self.now)
        #expect(try await SessionEnding(store: store, now: self.now).endAll() == 1200)
        #expect(store.count == 1 && store.read(later.id, at: self.now) != nil)
    }

    @Test func anIDWithoutASessionIsNotCounted() async throws {
        let record = self.record()
        let ending = SessionEnding(store: self.store([record]), now: self.now)
        #expect(try await ending.end([record.id, SessionID(using: .system)]) == 1)
    }

    @Test func aCopyTakesEverySessionAsItIs() async throws {
        let records = (0..<1100).map { self.record(user: $0 % 2 == 0 ? "alice" : nil, contents: $0) }
        let (source, target) = (self.store(records), MemoryStore())
        var copy = SessionCopy(from: source, to: target)
        try await copy.run()
        #expect(records.allSatisfy { target.read($0.id, at: self.now) == $0 })
        #expect(copy.json.line == #"{"copied": 1100, "present": 0, "newer": 0, "ended": 0}"#)
        var again = SessionCopy(from: source, to: target)
        try await again.run()
        #expect(again.json.line == #"{"copied": 0, "present": 1100, "newer": 0, "ended": 0}"#)
    }

    @Test func aCopyReplacesAnOlderVersionAndNoNewerOne() async throws {
        let (one, two) = (self.record(), self.record())
        var (newOne, newTwo) = (one, two)
        (newOne.version, newTwo.version) = (3, 3)
        let (source, target) = (self.store([newOne, two]), self.store([one, newTwo]))
        var copy = SessionCopy(from: source, to: target)
        try await copy.run()
        #expect(target.read(one.id, at: self.now)?.version == 3 && target.read(two.id, at: self.now)?.version == 3)
        #expect(copy.json.line == #"{"copied": 1, "present": 0, "newer": 1, "ended": 0}"#)
    }

    @Test func aCopyStopsWhenTheStoreIsInUse() async throws {
        let store = self.store([self.record(), self.record(age: -60)])
        var copy = SessionCopy(from: store, to: MemoryStore())
        let error = await #expect(throws: ToolError.self) { try await copy.run() }
        #expect(error?.description.contains("MigratingStore") == true)
    }

    /// With a cursor the copy would go on past the first page, of which a session may have ended since.
    @Test func aCopyOfAStoreThatIsInUseNamesNoCursor() async throws {
        let source = self.store((0..<600).map { _ in self.record() })
        let last = try #require(try source.scan(after: nil, limit: 1000, at: self.now).sessions.last)
        let record = try #require(source.read(last.id, at: self.now))
        var used = record
        (used.version, used.lastUsedAt) = (record.version + 1, self.now.addingTimeInterval(60))
        #expect(source.write(used, replacing: record.version, at: self.now))
        let target = MemoryStore()
        var copy = SessionCopy(from: source, to: target)
        let error = try #require(await #expect(throws: ToolError.self) { try await copy.run() })
        #expect(target.count >= 500)
        #expect(!error.description.contains("--after"))
        #expect(error.description.contains("begin again with an empty store"))
    }

    /// Pages have 500 sessions: the cursor is that of the last whole page.
    @Test func aCopyThatWasCutShortNamesWhereToGoOn() async throws {
        let records = (0..<1100).map { _ in self.record() }
        let source = self.store(records)
        for goesOn in [false, true] {
            let target = FailingStore(after: 700)
            var copy = SessionCopy(from: source, to: target)
            let error = try #require(await #expect(throws: ToolError.self) { try await copy.run() })
            let parts = error.description.split(separator: "'")
            #expect(parts.count == 2 && parts[0] == "The store is full. To go on from here: --after ")
            #expect(target.base.count == 700)
            let cursor = SessionScanCursor(String(try #require(parts.last)))
            var again = SessionCopy(from: source, to: target.base, cursor: goesOn ? cursor : nil)
            try await again.run()
            #expect(records.allSatisfy { target.base.read($0.id, at: self.now) == $0 })
            let present = goesOn ? 200 : 700
            #expect(again.json.line == #"{"copied": 400, "present": \#(present), "newer": 0, "ended": 0}"#)
        }
    }

    @Test func aCopyThatFailsInItsFirstPageNamesNoCursor() async throws {
        let records = (0..<100).map { _ in self.record() }
        let (source, target) = (self.store(records), FailingStore(after: 30))
        var copy = SessionCopy(from: source, to: target)
        await #expect(throws: FailingStore.Failure.self) { try await copy.run() }
        var again = SessionCopy(from: source, to: target.base)
        try await again.run()
        #expect(again.json.line == #"{"copied": 70, "present": 30, "newer": 0, "ended": 0}"#)
        #expect(records.allSatisfy { target.base.read($0.id, at: self.now) == $0 })
    }

    @Test func agesAreCountedInTheirSteps() {
        var histogram = AgeHistogram(now: self.now)
        for age in [1.0, 30, 100, 4000, 30_000, 100_000, 1_000_000, 3_000_000] {
            let record = SessionSummary(self.record(user: age < 50 ? "alice" : nil, age: age))
            histogram.add(record)
            histogram.add(record)
        }
        #expect(histogram.steps.map(\.count) == [2, 1, 1, 1, 1, 1, 1])
        let lines = histogram.lines(withBars: true)
        #expect(lines[0] == "8 live sessions, 2 of signed-in users, 80 B of contents")
        #expect(
            lines[1].hasSuffix(String(repeating: "█", count: 40))
                && lines[2].hasSuffix(String(repeating: "█", count: 20)))
        #expect(!histogram.lines(withBars: false).joined().contains("█"))
    }

    @Test func aFilterComparesAgesAndUsers() async throws {
        let records = [
            self.record(user: "alice", age: 10), self.record(user: "alice", age: 7200), self.record(age: 7200),
        ]
        let store = self.store(records)
        var filter = try SessionFilter.parse(["--older-than", "1h"])
        #expect(try await self.found(filter, store) == [records[1].id, records[2].id])
        filter = try SessionFilter.parse(["--unused-for", "1h", "--user", "alice"])
        #expect(try await self.found(filter, store) == [records[1].id])
    }

    private func found(_ filter: SessionFilter, _ store: MemoryStore) async throws -> Set<SessionID> {
        Set(try await filter.page(of: store, after: nil, limit: 100, at: self.now).sessions.map(\.id))
    }

    @Test func aLineShowsNoSecretAndNoEscape() throws {
        var record = self.record(user: "al\u{1B}[2Jice")
        record.secretHash = [UInt8](repeating: 0xAB, count: 32)
        let line = SessionLine(session: SessionSummary(record), now: self.now)
        #expect(line.text.hasPrefix(record.id.description) && line.text.contains("al\\u{1b}[2Jice"))
        #expect(!(line.text + line.json.line).contains("abab") && !line.text.contains("\u{1B}"))
        #expect(line.json.line.hasPrefix("{\"id\": \"\(record.id)\", \"user\": "))
    }
}
