// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsDirectory
import TestSupport
import Testing

/// A lock of the folder that another process keeps, for ever as far as the store can know.
@Suite struct DirectoryStoreLockTests {
    /// The lock of one session, as another process would hold it.
    private final class HeldLock {
        private let descriptor: Int32

        init(of id: SessionID, in store: DirectoryStore) throws {
            let path = "\(store.path)/locks/\("\(id)".prefix(2))"
            try FileManager.default.createDirectory(
                atPath: "\(store.path)/locks", withIntermediateDirectories: true)
            self.descriptor = open(path, O_RDWR | O_CREAT, 0o600)
            #expect(flock(self.descriptor, LOCK_EX | LOCK_NB) == 0)
        }

        func release() { flock(self.descriptor, LOCK_UN) }

        deinit { close(self.descriptor) }
    }

    private let folder: TemporaryFolder
    private let now = SampleRecords.now

    init() throws {
        self.folder = try TemporaryFolder()
    }

    private func store(lockTimeout: Duration) throws -> DirectoryStore {
        try DirectoryStore(path: self.folder.path + "/store", maximumParallelism: 2, lockTimeout: lockTimeout)
    }

    /// Ids of one lock, and one of another.
    private static func records() throws -> (held: [SessionRecord], other: SessionRecord) {
        let ids = try (0..<20).map { try #require(SessionID(bytes: [7, $0] + [UInt8](repeating: 0, count: 14))) }
        let other = try #require(SessionID(bytes: [8] + [UInt8](repeating: 0, count: 15)))
        func record(_ id: SessionID) -> SessionRecord {
            SessionRecord(id: id, secretHash: [1], createdAt: SampleRecords.now, idleTimeout: .seconds(60), user: "ada")
        }
        return (ids.map(record), record(other))
    }

    @Test func aWriterWaitsForItsTimeAndIsToldWhichLockIsHeld() async throws {
        let store = try self.store(lockTimeout: .milliseconds(50))
        let record = try Self.records().held[0]
        let lock = try HeldLock(of: record.id, in: store)
        for call in [
            { _ = try await store.write(record, replacing: nil, at: self.now) },
            { try await store.remove(record.id) },
        ] as [@Sendable () async throws -> Void] {
            let error = await failure(DirectoryStoreError.self) { try await call() }
            #expect(error?.kind == .lockTimedOut)
            #expect(error?.path == "\(store.path)/locks/07")
            #expect(error?.description.contains("another process") == true)
        }
        lock.release()
        #expect(try await store.write(record, replacing: nil, at: self.now))
    }

    @Test func aLockThatIsReleasedInTimeIsOnlyWaitedFor() async throws {
        let store = try self.store(lockTimeout: .seconds(60))
        let record = try Self.records().held[0]
        let lock = try HeldLock(of: record.id, in: store)
        async let isWritten = store.write(record, replacing: nil, at: self.now)
        // Reads go on meanwhile, as the next test has it.
        for _ in 0..<50 { #expect(try await store.read(record.id, at: self.now) == nil) }
        lock.release()
        #expect(try await isWritten)
    }

    /// More writers wait for the lock than the store has threads.
    @Test func oneHeldLockStopsNeitherReadersNorTheWritersOfOtherSessions() async throws {
        let store = try self.store(lockTimeout: .seconds(60))
        let (held, other) = try Self.records()
        #expect(try await store.write(held[0], replacing: nil, at: self.now))
        let lock = try HeldLock(of: held[0].id, in: store)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for record in held.dropFirst() {
                group.addTask {
                    let isWritten = try await store.write(record, replacing: nil, at: self.now)
                    #expect(isWritten)
                }
            }
            for version in 1...20 {
                #expect(try await store.read(held[0].id, at: self.now) == held[0])
                #expect(try await store.ids(ofUser: "ada", at: self.now).contains(held[0].id))
                var next = other
                next.version = version
                #expect(try await store.write(next, replacing: version == 1 ? nil : version - 1, at: self.now))
            }
            lock.release()
            try await group.waitForAll()
        }
        #expect(try await store.ids(ofUser: "ada", at: self.now).count == 21)
    }

    @Test func aPurgePassesOverAHeldLockAndRemovesTheOthers() async throws {
        let store = try self.store(lockTimeout: .seconds(60))
        let (held, other) = try Self.records()
        for record in [held[0], other] { #expect(try await store.write(record, replacing: nil, at: self.now)) }
        let lock = try HeldLock(of: held[0].id, in: store)
        let later = self.now.addingTimeInterval(3600)
        #expect(try await store.removeExpired(at: later, limit: 10) == 1)
        lock.release()
        #expect(try await store.removeExpired(at: later, limit: 10) == 1)
    }

    /// A list takes away the marker of a user that leads nowhere, and must not wait for that.
    @Test func aListWaitsForNoLock() async throws {
        let store = try self.store(lockTimeout: .seconds(60))
        let record = try Self.records().held[0]
        #expect(try await store.write(record, replacing: nil, at: self.now))
        try FileManager.default.removeItem(atPath: self.folder.recordPath(record.id))
        let lock = try HeldLock(of: record.id, in: store)
        #expect(try await store.ids(ofUser: "ada", at: self.now).isEmpty)
        #expect(try self.folder.files("users").count == 1)
        lock.release()
        #expect(try await store.ids(ofUser: "ada", at: self.now).isEmpty)
        #expect(try self.folder.files("users").isEmpty)
    }
}
