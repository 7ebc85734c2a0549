// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A scan uses `SCAN`, which may give a session twice. In a cluster it asks one server after the other.
///
/// A failover of the sentinels, and slots that move between servers of a cluster, may make a scan miss sessions: begin
/// it again.
extension RedisStore: ScannableSessionStore {
    /// Asks for keys, and then for the record of each.
    public func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) async throws -> SessionPage {
        let scan = SessionScan(client: self.client, keys: self.keys, maximumRecordSize: self.maximumRecordSize)
        let start = try cursor.map { try SessionScan.Position($0) } ?? SessionScan.Position()
        let (sessions, end) = try await scan.page(from: start, limit: SessionPage.bounded(limit), at: now)
        return SessionPage(sessions: sessions, next: end.isEnd ? nil : end.cursor)
    }
}
