// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsDirectory
import SessionsMigration
import SessionsTesting
import TestSupport
import Testing

/// What every store promises, with two stores under way.
@Suite struct MigratingStoreSuiteTests {
    @Test(arguments: MigrationPhase.allCases)
    func fromMemoryToMemory(_ phase: MigrationPhase) async throws {
        try await SessionStoreSuite {
            MigratingStore(from: MemoryStore(), to: MemoryStore(), phase: phase)
        }.run()
    }

    @Test(arguments: MigrationPhase.allCases)
    func fromMemoryToAFolder(_ phase: MigrationPhase) async throws {
        let folder = try TemporaryFolder()
        let directory = try DirectoryStore(path: folder.file("store"))
        try await SessionStoreSuite(operations: 300, parallelism: 40) {
            MigratingStore(from: MemoryStore(), to: directory, phase: phase)
        }.run()
    }

    @Test(arguments: MigrationPhase.allCases)
    func whateverComesInBetween(_ phase: MigrationPhase) async throws {
        let checks: Set<String> = [
            "concurrent reads, writes and removals of a session have an order"
        ]
        let suite = SessionStoreSuite(operations: 2000) {
            MigratingStore(
                from: JitterStore(MemoryStore()), to: JitterStore(MemoryStore()), phase: phase)
        }
        #expect(checks.isSubset(of: suite.checkNames))
        try await suite.run(only: checks)
    }
}
