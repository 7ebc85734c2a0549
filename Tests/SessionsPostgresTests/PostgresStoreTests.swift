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
}
