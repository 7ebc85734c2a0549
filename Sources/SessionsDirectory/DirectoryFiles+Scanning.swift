// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DirectoryFiles {
    /// How many files a page reads at most, expired and damaged ones included.
    private static let maximumReads = 2000

    /// Reads the records in the order of their ids, without a lock.
    func scan(after last: SessionID?, limit: Int, at now: Date) throws -> SessionPage {
        var sessions: [SessionSummary] = []
        var reads = 0
        for part in (last?.bytes.first ?? 0)...UInt8.max {
            for id in try self.ids(inPart: part) where last.map({ $0.description < id.description }) ?? true {
                reads += 1
                if let record = try self.read(id, at: now) { sessions.append(SessionSummary(record)) }
                guard sessions.count < limit, reads < Self.maximumReads else {
                    return SessionPage(sessions: sessions, next: SessionScanCursor(after: id))
                }
            }
        }
        return SessionPage(sessions: sessions, next: nil)
    }

    /// The ids of a 256th of all records, sorted.
    private func ids(inPart part: UInt8) throws -> [SessionID] {
        try self.folder.names(in: "records/\(Hex.text([part]))").compactMap { name in
            SessionID(name).flatMap { $0.description == name ? $0 : nil }
        }
    }
}
