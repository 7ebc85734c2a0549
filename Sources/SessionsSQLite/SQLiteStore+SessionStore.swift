// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The contract of `SessionStore`. All work runs on GRDB's queues and on the store's own threads, none on Swift's. An
/// operation that has begun is finished even if its task is cancelled. Errors are ``SQLiteStoreError``.
extension SQLiteStore: SessionStore {
    /// The record under an id, or nil when there is none or it has expired.
    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.access.read { database in
            try self.statements.read(id, at: now, in: database)
        }
    }

    /// Compare-and-set: stores a record if the store has this version of it (nil: no record); false if not.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.access.write { database in
            guard let version else { return try self.statements.insert(record, at: now, in: database) }
            return try self.statements.update(record, replacing: version, at: now, in: database)
        }
    }

    /// Removes a record if it has this version; false when it has another.
    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.access.write { database in
            guard let version else { return try self.statements.remove(id, in: database) }
            return try self.statements.remove(id, ifVersion: version, in: database)
        }
    }

    /// Removes expired records, at most `limit`, and returns how many.
    public func removeExpired(at now: Date, limit: Int) async throws -> Int {
        // SQLite takes a negative limit for no limit.
        guard limit > 0 else { return 0 }
        return try await self.access.write { database in
            try self.statements.removeExpired(at: now, limit: limit, in: database)
        }
    }

    /// The ids of a user's live sessions.
    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.access.read { database in
            try self.statements.ids(ofUser: user, at: now, in: database)
        }
    }

    /// Some of the ids of a user's live sessions: at most `limit`.
    public func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID] {
        try await self.access.read { database in
            try self.statements.ids(ofUser: user, limit: max(limit, 1), at: now, in: database)
        }
    }
}
