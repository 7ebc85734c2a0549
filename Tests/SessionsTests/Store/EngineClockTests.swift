// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct EngineClockTests {
    @Test func aStoreWhoseEngineHasAClockOfItsOwnPassesTheSuite() async throws {
        try await SessionStoreSuite(expiry: .byEngine) { EngineStore() }.run()
    }

    @Test func withoutSayingSoItFailsWhereTheTimeMoves() async throws {
        let failure = await #expect(throws: SessionStoreSuiteFailure.self) {
            try await SessionStoreSuite { EngineStore() }.run()
        }
        let names = failure?.failedChecks.map(\.name) ?? []
        #expect(names.contains("a record ends at the millisecond of its idle limit"))
        #expect(names.contains("a purge takes what has ended"))
    }
}

/// A store that goes by the real time and purges by itself, as Redis does.
private struct EngineStore: SessionStore {
    private let base = MemoryStore()

    func read(_ id: SessionID, at now: Date) -> SessionRecord? {
        self.base.read(id, at: Date())
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool {
        self.base.write(record, replacing: version, at: Date())
    }

    func remove(_ id: SessionID, ifVersion version: Int?) -> Bool {
        self.base.remove(id, ifVersion: version)
    }

    func removeExpired(at now: Date, limit: Int) -> Int {
        _ = self.base.removeExpired(at: Date(), limit: limit)
        return 0
    }

    func ids(ofUser user: String, at now: Date) -> [SessionID] {
        self.base.ids(ofUser: user, at: Date())
    }
}
