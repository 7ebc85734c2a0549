// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A user's list of sessions, checked against the records.
///
/// The list names at least every live session of the user, for no write counts without its entry. What it names too much
/// (a session that was removed, or has another user now) is put right in two steps: at first the entry is marked, with the
/// time as a negative score, and it goes when a minute later it is wrong still and nobody has written it in the meantime.
/// An entry that was put there a moment before its record so is never lost.
struct UserList: Sendable {
    private let mark: [UInt8]
    private let key: [UInt8]
    private let client: RedisClient
    private let keys: SessionKeys

    /// How many records are asked for at once.
    private static let width = 100

    init(user: String, client: RedisClient, keys: SessionKeys) {
        self.mark = SessionKeys.mark(ofUser: user)
        self.key = keys.list(ofUser: self.mark)
        self.client = client
        self.keys = keys
    }

    func ids(at now: Date) async throws -> [SessionID] {
        let entries = try await self.entries()
        var checked: [ListEntry.Checked] = []
        for start in stride(from: 0, to: entries.count, by: Self.width) {
            checked += try await self.check(entries[start..<min(start + Self.width, entries.count)], at: now)
        }
        await self.heal(checked, at: now)
        return checked.filter(\.isLive).map(\.entry.id)
    }

    private func entries() async throws -> [ListEntry] {
        let range = RedisCommand(
            "ZRANGE", [self.key, Array("0".utf8), Array("-1".utf8), Array("WITHSCORES".utf8)], key: self.key)
        guard let elements = try await self.client.run(range).elements else { throw RedisStoreError.damaged }
        return try stride(from: 0, to: elements.count - 1, by: 2).map { index in
            guard let entry = ListEntry(elements[index], score: elements[index + 1]) else {
                throw RedisStoreError.damaged
            }
            return entry
        }
    }

    private func check(_ entries: ArraySlice<ListEntry>, at now: Date) async throws -> [ListEntry.Checked] {
        try await withThrowingTaskGroup(of: ListEntry.Checked.self) { group in
            for entry in entries {
                group.addTask { ListEntry.Checked(entry: entry, head: try await self.head(of: entry.id)) }
            }
            var checked: [ListEntry.Checked] = []
            for try await var entry in group {
                entry.check(user: self.mark, at: now)
                checked.append(entry)
            }
            return checked
        }
    }

    private func head(of id: SessionID) async throws -> RecordValue.Head? {
        let key = self.keys.session(id)
        let last = Array("\(RecordValue.headLength - 1)".utf8)
        let reply = try await self.client.run(RedisCommand("GETRANGE", [key, Array("0".utf8), last], key: key))
        return RecordValue.head(reply.bytes ?? [])
    }

    /// The answer is right without it, so that it may fail: the next one tries again.
    private func heal(_ checked: [ListEntry.Checked], at now: Date) async {
        let changes = checked.flatMap { $0.change(at: now) }
        guard !changes.isEmpty else { return }
        _ = try? await self.client.run(
            RedisCommand(SessionScripts.heal, keys: [self.key], changes, isRepeatable: true))
    }
}
