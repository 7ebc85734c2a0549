// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import GRDB
import Sessions
import SessionsSQLite
import TestSupport
import Testing

/// What the conformance suite cannot ask of every store.
@Suite struct SQLiteStoreTests {
    @Test func aTaskThatIsCancelledStillWritesAndReads() async throws {
        let (isWritten, read) = try await writeAndReadCancelled(try record(), SQLiteStore(DatabaseQueue()))
        #expect(isWritten)
        #expect(try read == record())
    }

    /// To SQL a negative limit is none, or an error.
    @Test func aNegativeLimitRemovesNothing() async throws {
        let store = try SQLiteStore(DatabaseQueue())
        let record = try record()
        #expect(try await store.write(record, replacing: nil, at: start))
        #expect(try await store.removeExpired(at: record.expiresAt, limit: -1) == 0)
        #expect(try await store.removeExpired(at: record.expiresAt, limit: 1) == 1)
    }

    @Test func aNewFileIsItsOwnersAlone() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.file("sessions.sqlite"))
        #expect(try await store.write(try record(), replacing: nil, at: start))
        let names = try folder.bytes().keys
        #expect(names.contains("sessions.sqlite-wal"))
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
    }

    @Test func theFileKeepsTheSessions() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sessions.sqlite")
        #expect(try await SQLiteStore(path: path).write(try record(), replacing: nil, at: start))
        let reopened = try SQLiteStore(path: path, synchronous: .full)
        #expect(try await reopened.read(.number(1), at: start) == record())
        #expect(try await reopened.write(try record(version: 2), replacing: 1, at: start))
    }
}
