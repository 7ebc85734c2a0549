// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import GRDB
import Sessions
import SessionsSQLite
import SessionsTesting
import Testing

@Suite struct SQLiteStoreSuiteTests {
    @Test func itPassesTheSuiteInAFileOfItsOwn() async throws {
        let folder = try TemporaryFolder()
        try await SessionStoreSuite { try SQLiteStore(path: folder.path + "/sessions.sqlite") }.run()
    }

    @Test func itPassesTheSuiteInADatabaseOfTheApplication() async throws {
        try await SessionStoreSuite { try SQLiteStore(try DatabaseQueue()) }.run()
    }
}
