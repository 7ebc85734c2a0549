// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A scan reads the rows in the order of the primary key.
extension PostgresStore: ScannableSessionStore {
    /// Reads the next rows of the table, without their contents.
    public func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) async throws -> SessionPage {
        let last = try cursor.map { try $0.id() }
        return try await self.access.run {
            try self.statements.scan(after: last, limit: SessionPage.bounded(limit), at: now, $0)
        }
    }
}
