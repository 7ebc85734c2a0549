// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsDirectory
import TestSupport
import Testing

@Suite struct DirectoryStoreDamageTests {
    private let folder: TemporaryFolder
    private let store: DirectoryStore
    private let log = LogRecorder()
    private let now = SampleRecords.now

    init() throws {
        self.folder = try TemporaryFolder()
        self.store = try self.folder.store(logger: self.log.logger)
    }

    @Test func aDamagedFileIsNeverServed() async throws {
        let record = SampleRecords.record(contents: "a secret of mine")
        #expect(try await self.store.write(record, replacing: nil, at: self.now))
        let path = self.folder.recordPath(record.id)
        let whole = try self.folder.bytes(at: path)
        for length in [0, 1, 4, whole.count / 2, whole.count - 1] {
            try self.folder.write(Array(whole.prefix(length)), to: path)
            #expect(try await self.store.read(record.id, at: self.now) == nil)
        }
        // The head of 16 bytes and the slot that counts; the other slot holds no record yet.
        let used = 16 + 24 + SessionRecordCoder.encode(record).count
        for index in stride(from: 0, to: whole.count, by: 7) {
            var damaged = whole
            damaged[index] ^= 0x10
            try self.folder.write(damaged, to: path)
            #expect(try await self.store.read(record.id, at: self.now) == (index < used ? nil : record))
        }
        #expect(self.log.text.contains("\(record.id)"))
        #expect(!self.log.text.contains("secret of mine"))
    }

    @Test func aDamagedFileMayBeOverwrittenButNotReplaced() async throws {
        let record = SampleRecords.record()
        try self.folder.write(Array("junk".utf8), to: self.folder.recordPath(record.id))
        #expect(try await !self.store.write(SampleRecords.record(version: 2), replacing: 1, at: self.now))
        #expect(try await self.store.write(record, replacing: nil, at: self.now))
        #expect(try await self.store.read(record.id, at: self.now) == record)
    }

    @Test func aDamagedFileIsRemoved() async throws {
        let record = SampleRecords.record()
        try self.folder.write(Array("junk".utf8), to: self.folder.recordPath(record.id))
        #expect(try await self.store.remove(record.id, ifVersion: 1))
        #expect(try self.folder.files("records").isEmpty)
    }

    @Test func aDamagedFileGoesWithThePurgeOfItsTime() async throws {
        let record = SampleRecords.record(expiresIn: 10)
        #expect(try await self.store.write(record, replacing: nil, at: self.now))
        try self.folder.write([], to: self.folder.recordPath(record.id))
        _ = try await self.store.removeExpired(at: self.now.addingTimeInterval(20), limit: 10)
        #expect(try self.folder.files("records").isEmpty)
        #expect(try self.folder.files("expiry").isEmpty)
    }

    @Test func oneSessionsFileUnderAnothersNameIsNotServed() async throws {
        #expect(try await self.store.write(SampleRecords.record(1), replacing: nil, at: self.now))
        let bytes = try self.folder.bytes(at: self.folder.recordPath(SampleRecords.id(1)))
        try self.folder.write(bytes, to: self.folder.recordPath(SampleRecords.id(2)))
        #expect(try await self.store.read(SampleRecords.id(2), at: self.now) == nil)
    }

    @Test func aWriteThatFailsLeavesTheOldRecord() async throws {
        #expect(try await self.store.write(SampleRecords.record(), replacing: nil, at: self.now))
        let temporary = self.store.path + "/tmp"
        try FileManager.default.removeItem(atPath: temporary)
        try self.folder.write([], to: temporary)
        // Too large for the session's file.
        let large = SampleRecords.record(version: 2, contents: String(repeating: "x", count: 1000))
        await #expect(throws: DirectoryStoreError.self) {
            try await self.store.write(large, replacing: 1, at: self.now)
        }
        #expect(try await self.store.read(SampleRecords.id(1), at: self.now) == SampleRecords.record())
        try FileManager.default.removeItem(atPath: temporary)
        #expect(try await self.store.write(large, replacing: 1, at: self.now))
    }

    @Test func aFileThatCannotBeReadIsAnErrorAndNotAbsent() async throws {
        let path = self.folder.recordPath(SampleRecords.id(1))
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        await #expect(throws: DirectoryStoreError.self) {
            try await self.store.read(SampleRecords.id(1), at: self.now)
        }
    }

    @Test func aTemporaryFileThatACrashLeftIsPurgedAfterAnHour() async throws {
        #expect(try await self.store.write(SampleRecords.record(), replacing: nil, at: self.now))
        #expect(try self.folder.files("tmp").isEmpty)
        for (name, age) in [("old", 3700.0), ("new", 60.0)] {
            let path = "\(self.store.path)/tmp/\(name)"
            try self.folder.write([1, 2, 3], to: path)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -age)], ofItemAtPath: path)
        }
        _ = try await self.store.removeExpired(at: self.now, limit: 10)
        #expect(try self.folder.files("tmp") == ["new"])
    }

    @Test func aStolenCopyHoldsNoSecret() async throws {
        let secret = [UInt8]("0123456789abcdef0123456789abcdef".utf8)
        var record = SampleRecords.record(user: "ada")
        record.secretHash = [UInt8](repeating: 0xEE, count: 32)
        #expect(try await self.store.write(record, replacing: nil, at: self.now))
        for name in try self.folder.files() {
            let bytes = try self.folder.bytes(at: "\(self.store.path)/\(name)")
            #expect(bytes.firstRange(of: secret) == nil)
            #expect(!name.contains("ada"))
        }
    }
}
