// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A scan reads the files in the order of the ids.
extension DirectoryStore: ScannableSessionStore {
    /// Lists a 256th of the file names at a time, and reads as many files as the page needs.
    public func scan(after cursor: SessionScanCursor?, limit: Int, at now: Date) async throws -> SessionPage {
        let last = try cursor.map { try $0.id() }
        return try await self.run { try $0.scan(after: last, limit: SessionPage.bounded(limit), at: now) }
    }
}
