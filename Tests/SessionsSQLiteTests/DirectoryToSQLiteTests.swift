// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsDirectory
import SessionsMigration
import SessionsSQLite
import SessionsTesting
import TestSupport
import Testing

/// From a folder to a database and back.
@Suite struct DirectoryToSQLiteTests {
    @Test(arguments: MigrationPhase.allCases)
    func everyPromiseIsKept(_ phase: MigrationPhase) async throws {
        let folder = try TemporaryFolder()
        let directory = try Self.directory(folder)
        try await SessionStoreSuite(operations: 300, parallelism: 40) {
            MigratingStore(from: directory, to: try SQLiteStore(path: folder.newFile()), phase: phase)
        }.run()
    }

    @Test func nobodyNoticesThatTheSiteMoves() async throws {
        let folder = try TemporaryFolder()
        let story = try MigrationStory(from: Self.directory(folder), to: SQLiteStore(path: folder.newFile()))
        let requests = try await story.run(visitors: 20)
        #expect(story.problems == [])
        #expect(requests > 1000)
    }

    private static func directory(_ folder: TemporaryFolder) throws -> DirectoryStore {
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        return try DirectoryStore(path: folder.file("sessions"))
    }
}
