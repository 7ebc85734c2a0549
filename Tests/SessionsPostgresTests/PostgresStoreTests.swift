// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsPostgres
import TestSupport
import Testing

/// What the conformance suite cannot ask of every store.
@Suite struct PostgresStoreTests {
    @Test func aTaskThatIsCancelledStillWritesAndReads() async throws {
        let (isWritten, read) = try await writeAndReadCancelled(try record(), newStore())
        #expect(isWritten)
        #expect(try read == record())
    }

    /// To SQL a negative limit is none, or an error.
    @Test func aNegativeLimitRemovesNothing() async throws {
        let store = try await newStore()
        let record = try record()
        #expect(try await store.write(record, replacing: nil, at: start))
        #expect(try await store.removeExpired(at: record.expiresAt, limit: -1) == 0)
        #expect(try await store.removeExpired(at: record.expiresAt, limit: 1) == 1)
    }

    /// Times that no date has, and text that is none, would become others.
    @Test(arguments: [
        "created_at = 9007199254740993", "renewed_at = -9223372036854775808", "last_used_at = 9223372036854775807",
        "grace_end = -9007199254740993", "authenticated_at = 9007199254740993", "absolute_end = 9007199254740993",
        "\"user\" = '\\xff'", "device_label = '\\xc328'",
    ])
    func aRowThatIsNoRecordIsAnError(change: String) async throws {
        let error = await failure(PostgresStoreError.self) { _ = try await self.found(after: change) }
        #expect(error?.kind == .damaged)
    }

    @Test func theFirstAndTheLastTimeOfAllAreRead() async throws {
        let found = try await self.found(
            after: "created_at = -9007199254740992, absolute_end = 9007199254740992, \"user\" = ''")
        #expect(found?.createdAt.milliseconds == -(1 << 53))
        #expect(found?.absoluteEnd?.milliseconds == 1 << 53)
        #expect(found?.user == "")
    }

    /// What is read of a row that somebody has changed.
    private func found(after change: String) async throws -> SessionRecord? {
        let server = try await PostgresServer.shared.value
        let schema = newSchema()
        let store = try PostgresStore(server.url, schema: schema, timeout: .seconds(60))
        #expect(try await store.write(try record(user: "arthur"), replacing: nil, at: start))
        try await server.execute("UPDATE \(schema).dewar_sessions SET \(change)")
        return try await store.read(.number(1), at: start)
    }
}
