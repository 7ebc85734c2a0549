// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The contract of `SessionStore`. All work runs on the store's own threads, none on Swift's. An operation that has
/// begun is finished even if its task is cancelled. Errors are ``PostgresStoreError``.
extension PostgresStore: SessionStore {
    /// The record under an id, or nil when there is none or it has expired.
    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.access.run { try self.statements.read(id, at: now, $0) }
    }

    /// Compare-and-set: stores a record if the store has this version of it (nil: no record); false if not.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        let writeID = Int.random(in: .min ... .max)
        return try await self.access.run {
            try self.statements.write(record, replacing: version, at: now, writeID: writeID, $0)
        }
    }

    /// Removes a record if it has this version; false when it has another.
    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.access.run { attempt in
            guard let version else { return try self.statements.remove(id, attempt) }
            return try self.statements.remove(id, ifVersion: version, attempt)
        }
    }

    /// Removes expired records, at most `limit`, and returns how many.
    public func removeExpired(at now: Date, limit: Int) async throws -> Int {
        // PostgreSQL refuses a negative limit.
        guard limit > 0 else { return 0 }
        return try await self.access.run { try self.statements.removeExpired(at: now, limit: limit, $0) }
    }

    /// The ids of a user's live sessions.
    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.access.run { try self.statements.ids(ofUser: user, at: now, $0) }
    }

    /// Some of the ids of a user's live sessions: at most `limit`.
    public func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID] {
        try await self.access.run {
            try self.statements.ids(ofUser: user, limit: max(limit, 1), at: now, $0)
        }
    }
}
