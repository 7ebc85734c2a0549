// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions

/// Fills a store for a server that is measured afterwards.
struct FilledStore {
    let store: any ScannableSessionStore
    let count: Int
    /// How many of the sessions are of one user. They are written last: what reads a table from its beginning meets
    /// them late.
    let robotCount: Int

    /// Writes the sessions, and prints the cursor in the middle of a scan of them.
    func run() async throws {
        let population = Population(store: self.store, now: Date(), firstOfRobot: self.count - self.robotCount)
        try await population.fill(0..<self.count, isExpired: false, width: 64)
        print(try await self.middle())
    }

    private func middle() async throws -> SessionScanCursor {
        var (listed, cursor) = (0, SessionScanCursor?.none)
        repeat {
            let page = try await self.store.scan(after: cursor, limit: 1000, at: Date())
            listed += page.sessions.count
            cursor = page.next
        } while cursor != nil && listed < self.count / 2
        guard let cursor else { throw Failure(description: "the store lists \(listed) of \(self.count) sessions") }
        return cursor
    }
}
