// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The contract. Errors are ``RedisStoreError``; a task that is cancelled gets `CancellationError` at once, and what it
/// has sent may happen.
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

    /// Puts a record in the place of a version of itself, or of none, and says whether it was there.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        let value = try RecordValue.encode(
            record, writeMark: UInt64.random(in: .min ... .max), limit: self.maximumRecordSize)
        let write = RecordWrite(record, value: value, replacing: version, at: now, keys: self.keys)
        guard self.client.router.isCluster, let entry = write.listEntry else { return try await self.run(write) }
        // Two servers, asked at the same time. A list that names too much is put right; one that names too little is
        // not, so a write without its entry is an error.
        async let isListed = self.client.run(entry)
        let isWritten = try await self.run(write)
        _ = try await isListed
        return isWritten
    }

    /// Removes a record, if it has this version; false when it has another.
    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        let key = self.keys.session(id)
        guard let version else {
            _ = try await self.client.run(RedisCommand("DEL", [key], key: key))
            return true
        }
        let arguments = [BigEndian.bytes(version)]
        // Done twice it says the same: nothing is left.
        let reply = try await self.client.run(
            RedisCommand(SessionScripts.remove, keys: [key], arguments, isRepeatable: true))
        return reply.integer == 1
    }

    /// Nothing: Redis removes what has expired.
    public func removeExpired(at now: Date, limit: Int) -> Int { 0 }

    /// The ids of a user's live sessions.
    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await UserList(user: user, client: self.client, keys: self.keys).ids(at: now)
    }

    private func run(_ write: RecordWrite) async throws -> Bool {
        let withList = !self.client.router.isCluster
        do {
            let reply = try await self.client.run(write.command(withList: withList))
            return reply.integer == 1
        } catch let failure as RedisFailure {
            // The answer was lost, and perhaps the write.
            let reply = try await self.client.run(write.secondCommand(withList: withList))
            return try write.outcome(ofSecond: reply, after: failure.error)
        }
    }
}
