// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A scan goes through the shards, and in each in the order of the ids.
extension MemoryStore: ScannableSessionStore {
    /// Copies the ids of a shard under its lock, and then reads each session under the lock on its own.
    public func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) throws -> SessionPage {
        let limit = SessionPage.bounded(limit)
        var last = try cursor.map { try $0.id().words }
        var page: [SessionSummary] = []
        for index in (last.map { self.index(of: $0) } ?? 0)..<self.shards.count {
            let shard = self.shards[index]
            for key in shard.table.withLock({ $0.keys(after: last) }).sorted() {
                guard let record = shard.table.withLock({ $0.peek(key, at: now) }) else { continue }
                page.append(SessionSummary(record))
                guard page.count < limit else {
                    return SessionPage(sessions: page, next: SessionScanCursor(after: record.id))
                }
            }
            last = nil
        }
        return SessionPage(sessions: page, next: nil)
    }
}
