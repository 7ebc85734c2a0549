// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import GRDB
import SessionsSQLite
import SessionsTesting
import TestSupport
import Testing

/// The suite that every store passes, on the databases that people have.
@Suite struct SQLiteConformanceTests {
    @Test func aFileOfItsOwn() async throws {
        let folder = try TemporaryFolder()
        try await SessionStoreSuite { try SQLiteStore(path: folder.newFile()) }.run()
    }

    @Test func theAppsQueueInMemory() async throws {
        try await SessionStoreSuite { try SQLiteStore(DatabaseQueue()) }.run()
    }

    @Test func theAppsPool() async throws {
        let folder = try TemporaryFolder()
        try await SessionStoreSuite {
            try SQLiteStore(try DatabasePool(path: folder.newFile()), table: "logins")
        }.run()
    }
}
