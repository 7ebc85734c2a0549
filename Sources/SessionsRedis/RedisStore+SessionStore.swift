// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The contract of `SessionStore`. Errors are ``RedisStoreError``. A cancelled task gets `CancellationError` at once; a
/// command that it has sent may still happen.
extension RedisStore: SessionStore {
    /// The record under an id, or nil when there is none or it has expired.
    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        let key = self.keys.session(id)
        let reply = try await self.client.run(RedisCommand("GET", [key], key: key))
        guard let bytes = reply.bytes else { return nil }
        let record = try RecordValue.decode(bytes, limit: self.maximumRecordSize)
        guard record.id == id else { throw RedisStoreError.damaged }
        return record.isExpired(at: now) ? nil : record
    }

    /// Compare-and-set: stores a record if the store has this version of it (nil: no record); false if not.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        let value = try RecordValue.encode(
            record, writeMark: UInt64.random(in: .min ... .max), limit: self.maximumRecordSize)
        let write = RecordWrite(record, value: value, replacing: version, at: now, keys: self.keys)
        guard self.client.router.isCluster, let entry = write.listEntry else { return try await self.run(write) }
        // Two servers, asked at the same time. `UserList` corrects a list that names too many sessions, but not one
        // that names too few. So a write without its entry is an error.
        async let isListed = self.client.run(entry)
        let isWritten = try await self.run(write)
        do {
            _ = try await isListed
        } catch let error as RedisStoreError where isWritten {
            // The list's server says that it wrote nothing, and the record is there.
            throw RedisStoreError.unlisted(error)
        }
        return isWritten
    }

    /// Removes a record if it has this version; false when it has another.
    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        let key = self.keys.session(id)
        guard let version else {
            _ = try await self.client.run(RedisCommand("DEL", [key], key: key))
            return true
        }
        let arguments = [BigEndian.bytes(version)]
        // Repeatable: a second try gives the same answer, that nothing is left.
        let reply = try await self.client.run(
            RedisCommand(SessionScripts.remove, keys: [key], arguments, isRepeatable: true))
        return reply.integer == 1
    }

    /// Does nothing: Redis removes expired records.
    public func removeExpired(at now: Date, limit: Int) -> Int { 0 }

    /// The ids of a user's live sessions.
    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await UserList(user: user, client: self.client, keys: self.keys).ids(at: now)
    }

    /// Some of the ids of a user's live sessions: at most `limit`, those that end first.
    public func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID] {
        let list = UserList(user: user, client: self.client, keys: self.keys)
        return try await list.ids(limit: max(limit, 1), at: now)
    }

    private func run(_ write: RecordWrite) async throws -> Bool {
        let withList = !self.client.router.isCluster
        do {
            let reply = try await self.client.run(write.command(withList: withList))
            return reply.integer == 1
        } catch let failure as RedisFailure {
            // The answer was lost, and the write may have been lost too.
            let reply = try await self.run(write.secondCommand(withList: withList), after: failure.error)
            return try write.outcome(ofSecond: reply, after: failure.error)
        }
    }

    /// Finds out about a write whose answer was lost. If that fails, its own error would say that nothing was written,
    /// or that the store was closed; the first one says that the write may have happened.
    private func run(_ command: RedisCommand, after lost: RedisStoreError) async throws -> RedisReply {
        do {
            return try await self.client.run(command)
        } catch is RedisStoreError {
            throw lost
        }
    }
}
