// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import TestSupport
import Testing

@testable import Sessions
@testable import SessionsDirectory

@Suite struct DirectoryStorePurgeTests {
    private let folder: TemporaryFolder
    private let store: DirectoryStore
    private let log = LogRecorder()
    private let now = SampleRecords.now

    init() throws {
        self.folder = try TemporaryFolder()
        self.store = try self.folder.store(logger: self.log.logger)
    }

    private func add(_ numbers: Range<Int>, expiresIn seconds: (Int) -> Int) async throws {
        for number in numbers {
            let record = SampleRecords.record(number, user: "user \(number % 3)", expiresIn: seconds(number))
            #expect(try await self.store.write(record, replacing: nil, at: self.now.addingTimeInterval(-100_000)))
        }
    }

    @Test func onlyTheExpiredGo() async throws {
        try await self.add(0..<200) { $0 - 99 }
        #expect(try await self.store.removeExpired(at: self.now, limit: 1000) == 100)
        for number in 0..<200 {
            let record = try await self.store.read(SampleRecords.id(number), at: self.now.addingTimeInterval(-100_000))
            #expect((record != nil) == (number > 99))
        }
        for files in ["records", "expiry", "users"] { #expect(try self.folder.files(files).count == 100) }
        #expect(try await self.store.removeExpired(at: self.now, limit: 1000) == 0)
    }

    @Test func theExactMomentCounts() async throws {
        let end = SampleRecords.record(expiresIn: 7).expiresAt
        try await self.add(0..<1) { _ in 7 }
        #expect(try await self.store.removeExpired(at: end.addingTimeInterval(-0.001), limit: 10) == 0)
        #expect(try await self.store.removeExpired(at: end, limit: 10) == 1)
    }

    @Test func theLimitIsKeptAndTheOldestGoFirst() async throws {
        try await self.add(0..<100) { -300 * ($0 + 1) }
        #expect(try await self.store.removeExpired(at: self.now, limit: 0) == 0)
        #expect(try await self.store.removeExpired(at: self.now, limit: 30) == 30)
        for number in 0..<100 {
            let record = try await self.store.read(SampleRecords.id(number), at: self.now.addingTimeInterval(-100_000))
            #expect((record == nil) == (number >= 70))
        }
        #expect(try await self.store.removeExpired(at: self.now, limit: 100) == 70)
        #expect(try self.folder.files("records").isEmpty)
        #expect(try self.folder.files("expiry").isEmpty)
        #expect(try self.folder.files("users").isEmpty)
    }

    @Test func manyOfOneMomentGoInOnePurge() async throws {
        try await self.add(0..<1200) { _ in -5 }
        #expect(try await self.store.removeExpired(at: self.now, limit: 5000) == 1200)
        #expect(try self.folder.files("records").isEmpty)
    }

    /// The live records are made unreadable, and the folders of later expiries impossible to list: a purge that looked
    /// at any of them would log it, remove it or fail.
    @Test func noLiveRecordIsLookedAt() async throws {
        try await self.add(0..<100) { -1 - $0 }
        try await self.add(100..<400) { 10 + 300 * ($0 - 100) }
        for number in 100..<400 { try self.folder.write([0], to: self.folder.recordPath(SampleRecords.id(number))) }
        let current = ExpiryMarker.folder(of: ExpiryMarker.slot(at: self.now))
        var replaced = 0
        for folder in (current + 1)...(current + 360) {
            let path = "\(self.store.path)/\(ExpiryMarker.path(ofFolder: folder))"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            try FileManager.default.removeItem(atPath: path)
            try self.folder.write([], to: path)
            replaced += 1
        }
        #expect(replaced > 250)
        #expect(try await self.store.removeExpired(at: self.now, limit: 10_000) == 100)
        #expect(self.log.text.isEmpty)
        #expect(try self.folder.files("records").count == 300)
    }

    @Test func aSessionThatIsUsedMovesItsMarker() async throws {
        try await self.add(0..<1) { _ in 10 }
        let first = try self.folder.files("expiry")
        let used = SampleRecords.record(0, version: 2, expiresIn: 5000)
        #expect(try await self.store.write(used, replacing: 1, at: self.now))
        #expect(try self.folder.files("expiry").count == 1)
        #expect(try self.folder.files("expiry") != first)
        #expect(try await self.store.removeExpired(at: self.now.addingTimeInterval(4000), limit: 10) == 0)
        #expect(try await self.store.removeExpired(at: self.now.addingTimeInterval(5000), limit: 10) == 1)
    }

    @Test func aMarkerThatACrashLeftIsDropped() async throws {
        try await self.add(0..<1) { _ in 5000 }
        let marker = try self.folder.files("expiry")
        for stale in [SampleRecords.record(0, expiresIn: -500), SampleRecords.record(1, expiresIn: -500)] {
            try self.folder.write([], to: "\(self.store.path)/\(ExpiryMarker(stale).path)")
        }
        #expect(try await self.store.removeExpired(at: self.now, limit: 10) == 0)
        #expect(try self.folder.files("expiry") == marker)
        #expect(try await self.store.read(SampleRecords.id(0), at: self.now) != nil)
    }

    @Test func aStaleMarkerBringsALostOneBack() async throws {
        try await self.add(0..<1) { _ in 5000 }
        let marker = try self.folder.files("expiry")
        try FileManager.default.removeItem(atPath: "\(self.store.path)/expiry/\(marker[0])")
        let stale = ExpiryMarker(SampleRecords.record(0, expiresIn: -500)).path
        try self.folder.write([], to: "\(self.store.path)/\(stale)")
        #expect(try await self.store.removeExpired(at: self.now, limit: 10) == 0)
        #expect(try self.folder.files("expiry") == marker)
    }

    @Test func foldersThatTimeHasLeftBehindGo() async throws {
        try await self.add(0..<50) { -70 * $0 }
        _ = try await self.store.removeExpired(at: self.now, limit: 100)
        _ = try await self.store.removeExpired(at: self.now.addingTimeInterval(200_000), limit: 100)
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.store.path + "/expiry").isEmpty)
    }

    @Test func filesOfSomebodyElseAreLeftAlone() async throws {
        try await self.add(0..<1) { _ in -5 }
        let top = self.store.path + "/expiry"
        for name in ["README", "zzz/file", "+000000001/file"] { try self.folder.write([1], to: "\(top)/\(name)") }
        #expect(try await self.store.removeExpired(at: self.now, limit: 10) == 1)
        #expect(try self.folder.files("expiry").count == 3)
    }
}
