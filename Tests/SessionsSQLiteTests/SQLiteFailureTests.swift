// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import GRDB
import Sessions
import SessionsSQLite
import TestSupport
import Testing

@Suite struct SQLiteFailureTests {
    @Test func aLockedDatabaseIsAnErrorAfterTheTimeout() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sessions.sqlite")
        let store = try SQLiteStore(path: path, busyTimeout: .milliseconds(50))
        #expect(try await store.write(try record(), replacing: nil, at: start))
        let other = try lock(path)
        let error = await failure(SQLiteStoreError.self) {
            _ = try await store.write(try record(version: 2), replacing: 1, at: start)
        }
        #expect(error?.kind == .locked)
        #expect(
            error?.description
                == "The session database is kept locked by another connection (SQLite error 5: database is locked).")
        #expect(await failure(SQLiteStoreError.self) { try await store.remove(.number(1)) }?.kind == .locked)
        // In WAL mode reading goes on.
        #expect(try await store.read(.number(1), at: start) == record())
        try unlock(other)
        #expect(try await store.write(try record(version: 2), replacing: 1, at: start))
    }

    @Test func withoutWALReadingALockedDatabaseIsAnErrorAndNotAnEmptySession() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.sqlite")
        let store = try SQLiteStore(try DatabaseQueue(path: path), busyTimeout: .milliseconds(50))
        #expect(try await store.write(try record(), replacing: nil, at: start))
        let other = try lock(path)
        #expect(
            await failure(SQLiteStoreError.self) { _ = try await store.read(.number(1), at: start) }?.kind == .locked)
        try unlock(other)
        #expect(try await store.read(.number(1), at: start) == record())
    }

    @Test func aLockThatEndsInTimeIsWaitedFor() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.sqlite")
        let store = try SQLiteStore(try DatabaseQueue(path: path), busyTimeout: .seconds(60))
        let other = try lock(path)
        async let isWritten = store.write(try record(), replacing: nil, at: start)
        try unlock(other)
        #expect(try await isWritten)
    }

    @Test func aDamagedFileIsAnErrorAndNotAnEmptySession() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sessions.sqlite")
        try await fill(path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes.replaceSubrange(4096..., with: Data(repeating: 0xA5, count: bytes.count - 4096))
        try bytes.write(to: URL(fileURLWithPath: path))
        let store = try SQLiteStore(path: path)
        for number in 0..<100 {
            let error = await failure(SQLiteStoreError.self) { _ = try await store.read(.number(number), at: start) }
            #expect(error?.kind == .damaged)
        }
        #expect(
            await failure(SQLiteStoreError.self) { _ = try await store.ids(ofUser: "u", at: start) }?.kind == .damaged)
    }

    @Test func aFileThatIsNoDatabaseIsAnError() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("notes.txt")
        let text = Data(repeating: UInt8(ascii: "x"), count: 5000)
        try text.write(to: URL(fileURLWithPath: path))
        #expect(await failure(SQLiteStoreError.self) { _ = try SQLiteStore(path: path) }?.kind == .damaged)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
    }

    @Test func aRowThatIsNotOursIsAnError() async throws {
        let queue = try DatabaseQueue()
        let store = try SQLiteStore(queue)
        #expect(try await store.write(try record(user: "arthur"), replacing: nil, at: start))
        try await queue.write { try $0.execute(sql: "UPDATE dewar_sessions SET id = x'00'") }
        let error = await failure(SQLiteStoreError.self) { _ = try await store.ids(ofUser: "arthur", at: start) }
        #expect(error?.kind == .damaged)
    }

    /// A scan would go on behind the slot of the id, and come to the same row for ever.
    @Test func aRowInAnotherPlaceThanItsIDsIsAnErrorOfTheScan() async throws {
        let queue = try DatabaseQueue()
        let store = try SQLiteStore(queue)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        try await queue.write { try $0.execute(sql: "UPDATE dewar_sessions SET slot = slot + 1") }
        let error = await failure(SQLiteStoreError.self) { _ = try await store.scan(after: nil, limit: 1, at: start) }
        #expect(error?.kind == .damaged)
    }

    /// Times that no date has, and text that is none, would become others.
    @Test(arguments: [
        "created_at = 9007199254740993", "renewed_at = -9223372036854775808", "last_used_at = 9223372036854775807",
        "grace_end = -9007199254740993", "authenticated_at = 9007199254740993", "absolute_end = 9007199254740993",
        "user = x'ff'", "device_label = x'c328'",
    ])
    func aRowThatIsNoRecordIsAnError(change: String) async throws {
        let queue = try DatabaseQueue()
        let store = try SQLiteStore(queue)
        #expect(try await store.write(try record(user: "arthur"), replacing: nil, at: start))
        try await queue.write { try $0.execute(sql: "UPDATE dewar_sessions SET \(change)") }
        let error = await failure(SQLiteStoreError.self) { _ = try await store.read(.number(1), at: start) }
        #expect(error?.kind == .damaged)
    }

    @Test func theFirstAndTheLastTimeOfAllAreRead() async throws {
        let queue = try DatabaseQueue()
        let store = try SQLiteStore(queue)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        let change = "created_at = -9007199254740992, absolute_end = 9007199254740992, user = x''"
        try await queue.write { try $0.execute(sql: "UPDATE dewar_sessions SET \(change)") }
        let found = try await store.read(.number(1), at: start)
        #expect(found?.createdAt.milliseconds == -(1 << 53))
        #expect(found?.absoluteEnd?.milliseconds == 1 << 53)
        #expect(found?.user == "")
    }

    @Test func aFullDatabaseLosesNothing() async throws {
        let queue = try DatabaseQueue()
        let store = try SQLiteStore(queue)
        #expect(try await store.write(try record(), replacing: nil, at: start))
        try await queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 10") }
        let large = [UInt8](repeating: 1, count: 100_000)
        let error = await failure(SQLiteStoreError.self) {
            _ = try await store.write(try record(version: 2, contents: large), replacing: 1, at: start)
        }
        #expect(error?.kind == .full)
        #expect(try await store.read(.number(1), at: start) == record())
        #expect(try await store.write(try record(version: 2), replacing: 1, at: start))
    }

    @Test func aDatabaseThatMayOnlyBeReadIsReadAndNotWritten() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sessions.sqlite")
        try await fill(path)
        var configuration = Configuration()
        configuration.readonly = true
        let store = try SQLiteStore(try DatabaseQueue(path: path, configuration: configuration))
        #expect(try await store.read(.number(1), at: start) == record(1, user: "u"))
        let error = await failure(SQLiteStoreError.self) {
            _ = try await store.write(try record(1, version: 2), replacing: 1, at: start)
        }
        #expect(error?.kind == .readOnly)
        #expect(try await store.read(.number(1), at: start) == record(1, user: "u"))
    }

    @Test(arguments: ["", ":memory:", "a\0b"])
    func aPathMustNameAFile(path: String) async {
        #expect(await failure(SQLiteStoreError.self) { _ = try SQLiteStore(path: path) }?.kind == .invalidName)
    }

    @Test func aFolderThatIsMissingIsAnErrorThatSaysSo() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("missing/sessions.sqlite")
        let error = await failure(SQLiteStoreError.self) { _ = try SQLiteStore(path: path) }
        #expect(error?.kind == .cannotOpen)
        #expect(error?.description.contains(path) == true)
    }

    @Test func noErrorQuotesASession() async throws {
        var configuration = Configuration()
        configuration.publicStatementArguments = true
        let queue = try DatabaseQueue(configuration: configuration)
        let store = try SQLiteStore(queue)
        try await queue.write { try $0.execute(sql: "DROP TABLE dewar_sessions") }
        let record = try record(contents: Array("my secret diary".utf8), user: "arthur")
        let error = await failure(SQLiteStoreError.self) {
            _ = try await store.write(record, replacing: nil, at: start)
        }
        #expect(error?.kind == .failed)
        #expect(error?.description == "The session database failed (SQLite error 1: no such table: dewar_sessions).")
    }

    private func fill(_ path: String) async throws {
        let store = try SQLiteStore(path: path)
        for number in 0..<100 {
            #expect(try await store.write(try record(number, user: "u"), replacing: nil, at: start))
        }
    }

    /// Another connection, which has the database for itself.
    private func lock(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(60)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { try $0.beginTransaction(.exclusive) }
        return queue
    }

    private func unlock(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { try $0.rollback() }
    }
}
