// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct MemoryStoreTests {
    private let start = Date(timeIntervalSince1970: 1_700_000_000)

    @Test func itPassesTheSuite() async throws {
        try await SessionStoreSuite { MemoryStore() }.run()
    }

    @Test func itPassesTheSuiteWithAMaximumThatIsNotReached() async throws {
        try await SessionStoreSuite { MemoryStore(maximumCount: 100_000) }.run()
    }

    private func record(endsIn seconds: Int, user: String? = nil) -> SessionRecord {
        SessionRecord(
            id: SessionID(using: .system), secretHash: Array(repeating: 0, count: 32), createdAt: self.start,
            idleTimeout: .seconds(seconds), user: user)
    }

    @Test func theCountFollowsEveryOperation() {
        let store = MemoryStore()
        let records = (1...10).map { self.record(endsIn: $0) }
        for record in records { #expect(store.write(record, replacing: nil, at: self.start)) }
        #expect(store.count == 10)
        #expect(!store.write(records[0], replacing: nil, at: self.start))
        #expect(!store.remove(records[9].id, ifVersion: 7))
        #expect(store.count == 10)
        #expect(store.remove(records[9].id, ifVersion: 1))
        #expect(store.remove(records[9].id, ifVersion: nil))
        #expect(store.count == 9)
        // One that has ended is counted until it is purged, and not twice when another takes its place.
        let later = self.start.adding(.seconds(1))
        #expect(store.write(records[0], replacing: nil, at: later))
        #expect(store.count == 9)
        #expect(store.removeExpired(at: self.start.adding(.seconds(5)), limit: 3) == 3)
        #expect(store.removeExpired(at: self.start.adding(.seconds(5)), limit: 3) == 2)
        #expect(store.count == 4)
    }

    @Test func aNewSessionOverTheMaximumEvictsTheOneThatWouldEndFirst() {
        let store = MemoryStore(maximumCount: 3)
        let records = [40, 10, 30, 20].map { self.record(endsIn: $0, user: "alice") }
        for record in records[..<3] { #expect(store.write(record, replacing: nil, at: self.start)) }
        // Used again, it would no longer end first.
        var used = records[1]
        (used.version, used.lastUsedAt) = (2, self.start.adding(.seconds(5)))
        used.idleTimeout = .seconds(60)
        #expect(store.write(used, replacing: 1, at: used.lastUsedAt))
        #expect(store.write(records[3], replacing: nil, at: self.start))
        #expect(store.count == 3)
        #expect(store.read(records[2].id, at: self.start) == nil)
        #expect(Set(store.ids(ofUser: "alice", at: self.start)) == Set([0, 1, 3].map { records[$0].id }))
    }

    @Test func anonymousSessionsNeverEvictASignedInOne() {
        let store = MemoryStore(maximumCount: 10)
        // They would end long before what comes after them.
        let signedIn = (1...5).map { self.record(endsIn: $0, user: "user \($0)") }
        for record in signedIn { #expect(store.write(record, replacing: nil, at: self.start)) }
        for number in 0..<1000 {
            #expect(store.write(self.record(endsIn: 100 + number), replacing: nil, at: self.start))
        }
        #expect(store.count == 10)
        for record in signedIn { #expect(store.read(record.id, at: self.start) == record) }
    }

    @Test func aSessionWhoseCookieCameBackStaysBeforeThoseThatWereNeverUsed() {
        let store = MemoryStore(maximumCount: 4)
        let (read, written) = (self.record(endsIn: 1), self.record(endsIn: 2))
        for record in [read, written] { #expect(store.write(record, replacing: nil, at: self.start)) }
        #expect(store.read(read.id, at: self.start) == read)
        var next = written
        next.version = 2
        #expect(store.write(next, replacing: 1, at: self.start))
        for number in 0..<100 {
            #expect(store.write(self.record(endsIn: 100 + number), replacing: nil, at: self.start))
        }
        #expect(store.read(read.id, at: self.start) == read)
        #expect(store.read(written.id, at: self.start) == next)
        // A visitor who signs in takes the place of an unused session, and then of an anonymous one.
        let users = (1...4).map { self.record(endsIn: $0, user: "alice") }
        for user in users[..<2] { #expect(store.write(user, replacing: nil, at: self.start)) }
        #expect(store.read(read.id, at: self.start) == read)
        for user in users[2...] { #expect(store.write(user, replacing: nil, at: self.start)) }
        #expect(store.read(read.id, at: self.start) == nil)
        #expect(Set(store.ids(ofUser: "alice", at: self.start)) == Set(users.map(\.id)))
    }

    @Test func aSessionInWhichAVisitorSignsInOrOutChangesItsRank() {
        let store = MemoryStore(maximumCount: 2)
        let (first, second) = (self.record(endsIn: 10), self.record(endsIn: 20, user: "alice"))
        for record in [first, second] { #expect(store.write(record, replacing: nil, at: self.start)) }
        var (signedIn, signedOut) = (first, second)
        (signedIn.version, signedIn.user) = (2, "bob")
        (signedOut.version, signedOut.user) = (2, nil)
        #expect(store.write(signedIn, replacing: 1, at: self.start))
        #expect(store.write(signedOut, replacing: 1, at: self.start))
        #expect(store.write(self.record(endsIn: 30), replacing: nil, at: self.start))
        #expect(store.read(signedIn.id, at: self.start) == signedIn)
        #expect(store.read(signedOut.id, at: self.start) == nil)
    }

    @Test func whatHasEndedIsEvictedBeforeWhatLives() {
        let store = MemoryStore(maximumCount: 2)
        let (over, live) = (self.record(endsIn: 1, user: "alice"), self.record(endsIn: 100))
        for record in [over, live] { #expect(store.write(record, replacing: nil, at: self.start)) }
        let later = self.start.adding(.seconds(1))
        #expect(store.write(self.record(endsIn: 100), replacing: nil, at: later))
        #expect(store.read(live.id, at: later) == live)
        #expect(store.removeExpired(at: later, limit: 10) == 0)
    }

    @Test func aNewSessionIsNeverItsOwnVictim() {
        let store = MemoryStore(maximumCount: 1)
        let records = [3600, 1].map { self.record(endsIn: $0) }
        for record in records {
            #expect(store.write(record, replacing: nil, at: self.start))
            #expect(store.read(record.id, at: self.start) == record)
        }
        #expect(store.count == 1)
    }

    @Test func theMaximumHoldsUnderManyWriters() async throws {
        let store = MemoryStore(maximumCount: 100)
        await withTaskGroup { group in
            for worker in 0..<8 {
                group.addTask {
                    for index in 0..<500 {
                        _ = store.write(self.record(endsIn: 1 + worker + index), replacing: nil, at: self.start)
                    }
                }
            }
        }
        #expect(store.count == 100)
        #expect(store.removeExpired(at: self.start.adding(.seconds(10_000)), limit: .max) == 100)
        #expect(store.count == 0)
    }

    @Test func sessionsArePurgedInTheOrderOfTheirEnds() {
        // One shard, so that the order shows: ids with the same first byte.
        let store = MemoryStore()
        var generator = SystemRandomNumberGenerator()
        let ends = (1...500).shuffled(using: &generator)
        for end in ends {
            let id = SessionID(bytes: [7] + (0..<15).map { _ in UInt8.random(in: 0...255) })
            guard let id else { continue }
            let record = SessionRecord(id: id, secretHash: [], createdAt: self.start, idleTimeout: .seconds(end))
            #expect(store.write(record, replacing: nil, at: self.start))
        }
        for second in 1...500 {
            #expect(store.removeExpired(at: self.start.adding(.seconds(second)), limit: 10) == 1)
        }
    }
}
