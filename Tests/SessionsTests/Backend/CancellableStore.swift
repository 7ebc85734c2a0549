// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A store that gives up when its task is cancelled, as the drivers of databases do.
struct CancellableStore: SessionStore {
    private let base = MemoryStore()

    func read(_ id: SessionID, at now: Date) throws -> SessionRecord? {
        try Task.checkCancellation()
        return self.base.read(id, at: now)
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) throws -> Bool {
        try Task.checkCancellation()
        return self.base.write(record, replacing: version, at: now)
    }

    func remove(_ id: SessionID, ifVersion version: Int?) throws -> Bool {
        try Task.checkCancellation()
        return self.base.remove(id, ifVersion: version)
    }

    func removeExpired(at now: Date, limit: Int) throws -> Int {
        try Task.checkCancellation()
        return self.base.removeExpired(at: now, limit: limit)
    }

    func ids(ofUser user: String, at now: Date) throws -> [SessionID] {
        try Task.checkCancellation()
        return self.base.ids(ofUser: user, at: now)
    }
}
