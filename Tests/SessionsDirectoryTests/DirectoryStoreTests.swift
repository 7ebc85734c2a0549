// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsDirectory
import SessionsTesting
import TestSupport
import Testing

@Suite struct DirectoryStoreTests {
    let folder: TemporaryFolder
    let store: DirectoryStore
    let now = SampleRecords.now

    init() throws {
        self.folder = try TemporaryFolder()
        self.store = try self.folder.store()
    }

    @Test func whatIsWrittenIsRead() async throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<50 {
            var record = SampleRecords.anything(&generator)
            record.lastUsedAt = self.now
            record.idleTimeout = .seconds(60)
            record.absoluteEnd = nil
            #expect(try await self.store.write(record, replacing: nil, at: self.now))
            #expect(try await self.store.read(record.id, at: self.now) == record)
        }
    }

    @Test func nothingIsAbsent() async throws {
        #expect(try await self.store.read(SampleRecords.id(1), at: self.now) == nil)
        #expect(try await self.store.remove(SampleRecords.id(1), ifVersion: nil))
        #expect(try await self.store.remove(SampleRecords.id(1), ifVersion: 7))
        #expect(try await self.store.removeExpired(at: self.now, limit: 10) == 0)
        #expect(try await self.store.ids(ofUser: "ada", at: self.now).isEmpty)
    }

    @Test func aWriteReplacesOnlyTheVersionThatItNames() async throws {
        #expect(try await !self.store.write(SampleRecords.record(version: 2), replacing: 1, at: self.now))
        #expect(try await self.store.write(SampleRecords.record(version: 1), replacing: nil, at: self.now))
        #expect(try await !self.store.write(SampleRecords.record(version: 1), replacing: nil, at: self.now))
        #expect(try await !self.store.write(SampleRecords.record(version: 3), replacing: 2, at: self.now))
        #expect(try await self.store.write(SampleRecords.record(version: 2), replacing: 1, at: self.now))
        #expect(try await self.store.read(SampleRecords.id(1), at: self.now)?.version == 2)
    }

    @Test func whatWasRemovedDoesNotComeBack() async throws {
        #expect(try await self.store.write(SampleRecords.record(), replacing: nil, at: self.now))
        #expect(try await !self.store.remove(SampleRecords.id(1), ifVersion: 2))
        #expect(try await self.store.remove(SampleRecords.id(1), ifVersion: 1))
        #expect(try await !self.store.write(SampleRecords.record(version: 2), replacing: 1, at: self.now))
        #expect(try await self.store.read(SampleRecords.id(1), at: self.now) == nil)
        #expect(try self.folder.files("records").isEmpty)
        #expect(try self.folder.files("expiry").isEmpty)
    }

    @Test func theExpiredIsAbsentFromItsMomentOn() async throws {
        let record = SampleRecords.record(user: "ada", expiresIn: 10)
        let end = record.expiresAt
        #expect(try await self.store.write(record, replacing: nil, at: self.now))
        #expect(try await self.store.read(record.id, at: end.addingTimeInterval(-0.001)) == record)
        #expect(try await self.store.ids(ofUser: "ada", at: end.addingTimeInterval(-0.001)) == [record.id])
        #expect(try await self.store.read(record.id, at: end) == nil)
        #expect(try await self.store.ids(ofUser: "ada", at: end).isEmpty)
        #expect(try await !self.store.write(SampleRecords.record(version: 2), replacing: 1, at: end))
        #expect(try await self.store.write(SampleRecords.record(), replacing: nil, at: end))
    }

    @Test func aUsersSessionsAreListed() async throws {
        let users = ["ada", "", "../../etc/passwd", "\u{E9}", "e\u{301}", "a/b\0c"]
        for (number, user) in users.enumerated() {
            #expect(
                try await self.store.write(SampleRecords.record(2 * number, user: user), replacing: nil, at: self.now))
            #expect(
                try await self.store.write(
                    SampleRecords.record(2 * number + 1, user: user), replacing: nil, at: self.now))
        }
        for (number, user) in users.enumerated() {
            let ids = Set(try await self.store.ids(ofUser: user, at: self.now))
            #expect(ids == [SampleRecords.id(2 * number), SampleRecords.id(2 * number + 1)])
        }
    }

    @Test func theListFollowsTheRecord() async throws {
        #expect(try await self.store.write(SampleRecords.record(user: "ada"), replacing: nil, at: self.now))
        #expect(try await self.store.write(SampleRecords.record(version: 2, user: "bob"), replacing: 1, at: self.now))
        #expect(try await self.store.ids(ofUser: "ada", at: self.now).isEmpty)
        #expect(try await self.store.ids(ofUser: "bob", at: self.now) == [SampleRecords.id(1)])
        #expect(try await self.store.write(SampleRecords.record(version: 3), replacing: 2, at: self.now))
        #expect(try await self.store.ids(ofUser: "bob", at: self.now).isEmpty)
        #expect(try self.folder.files("users").isEmpty)
    }

    @Test func aListEntryThatLeadsNowhereIsTakenAway() async throws {
        #expect(try await self.store.write(SampleRecords.record(user: "ada"), replacing: nil, at: self.now))
        let marker = try #require(try self.folder.files("users").first)
        let stale = marker.replacing("\(SampleRecords.id(1))", with: "\(SampleRecords.id(2))")
        try self.folder.write([], to: "\(self.store.path)/users/\(stale)")
        #expect(try await self.store.ids(ofUser: "ada", at: self.now) == [SampleRecords.id(1)])
        #expect(try self.folder.files("users") == [marker])
    }

    /// A cleaner of temporary files removes what nobody has touched for days.
    @Test(arguments: [false, true]) func aWriteBringsALostMarkerOfItsUserBack(isDurable: Bool) async throws {
        let store = try self.folder.store(isDurable: isDurable)
        #expect(try await store.write(SampleRecords.record(user: "ada"), replacing: nil, at: self.now))
        let marker = try #require(try self.folder.files("users").first)
        try FileManager.default.removeItem(atPath: "\(store.path)/users")
        #expect(try await store.write(SampleRecords.record(version: 2, user: "ada"), replacing: 1, at: self.now))
        #expect(try await store.ids(ofUser: "ada", at: self.now) == [SampleRecords.id(1)])
        #expect(try self.folder.files("users") == [marker])
    }

    @Test func aMarkerOfASessionInUseIsNotTakenForUnused() async throws {
        #expect(try await self.store.write(SampleRecords.record(user: "ada"), replacing: nil, at: self.now))
        let marker = try #require(try self.folder.files("users").first)
        let path = "\(self.store.path)/users/\(marker)"
        let old = Date(timeIntervalSince1970: 1_000_000_000)
        try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
        #expect(try await self.store.write(SampleRecords.record(version: 2, user: "ada"), replacing: 1, at: self.now))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(try #require(attributes[.modificationDate] as? Date) > old.addingTimeInterval(1))
    }

    @Test func aStoreThatIsOpenedAgainHasEverything() async throws {
        #expect(try await self.store.write(SampleRecords.record(user: "ada"), replacing: nil, at: self.now))
        let again = try self.folder.store()
        #expect(try await again.read(SampleRecords.id(1), at: self.now) == SampleRecords.record(user: "ada"))
        #expect(try await again.ids(ofUser: "ada", at: self.now) == [SampleRecords.id(1)])
    }

    @Test func aDurableStoreKeepsTheSameContract() async throws {
        let durable = try self.folder.store(isDurable: true)
        #expect(try await durable.write(SampleRecords.record(user: "ada"), replacing: nil, at: self.now))
        #expect(try await durable.write(SampleRecords.record(version: 2), replacing: 1, at: self.now))
        #expect(try await durable.read(SampleRecords.id(1), at: self.now) == SampleRecords.record(version: 2))
        #expect(try await durable.remove(SampleRecords.id(1), ifVersion: 2))
        #expect(try await durable.read(SampleRecords.id(1), at: self.now) == nil)
    }
}
