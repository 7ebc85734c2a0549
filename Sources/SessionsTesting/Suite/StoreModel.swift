// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A minimal store in memory, with which real stores are compared.
struct StoreModel {
    private var records: [SessionID: SessionRecord] = [:]

    func read(_ id: SessionID, at now: Date) -> SessionRecord? {
        self.records[id].flatMap { $0.isExpired(at: now) ? nil : $0 }
    }

    mutating func write(_ record: SessionRecord, replacing version: Int?, at now: Date) -> Bool {
        guard self.read(record.id, at: now)?.version == version else { return false }
        self.records[record.id] = record
        return true
    }

    mutating func remove(_ id: SessionID, ifVersion version: Int?) -> Bool {
        if let version, let present = self.records[id], present.version != version { return false }
        self.records[id] = nil
        return true
    }

    func ids(ofUser user: String, at now: Date) -> Set<SessionID> {
        Set(self.records.values.filter { $0.user == user && !$0.isExpired(at: now) }.map(\.id))
    }
}
