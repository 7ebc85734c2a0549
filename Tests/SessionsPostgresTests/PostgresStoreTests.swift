// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import TestSupport
import Testing

/// What the conformance suite cannot ask of every store.
@Suite struct PostgresStoreTests {
    @Test func aTaskThatIsCancelledStillWritesAndReads() async throws {
        let (isWritten, read) = try await writeAndReadCancelled(try record(), newStore())
        #expect(isWritten)
        #expect(try read == record())
    }
}
