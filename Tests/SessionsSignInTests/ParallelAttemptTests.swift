// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsDirectory
import SessionsSQLite
import SessionsSignIn
import SessionsTesting
import TestSupport
import Testing

/// A hundred attempts at once, by two processes, get no more tries than the limit. The suites of Redis and PostgreSQL have
/// the same test.
@Suite struct ParallelAttemptTests {
    private static let stores: [(name: String, make: @Sendable (TemporaryFolder) throws -> any SessionStore)] = [
        ("memory", { _ in JitterStore(MemoryStore()) }),
        ("directory", { try DirectoryStore(path: $0.newFile()) }),
        ("sqlite", { try SQLiteStore(path: $0.newFile()) }),
    ]

    @Test(arguments: [0, 1, 2])
    func noMoreTriesThanTheLimit(index: Int) async throws {
        let folder = try TemporaryFolder()
        let attack = try await GuessingAttack(on: Self.stores[index].make(folder))
        #expect(attack.checked == 5 && attack.refused == 95)
        #expect(attack.listed ?? 0 == 0)
    }
}
