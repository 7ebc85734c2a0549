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
/// The list names at least every live session of the user, for no write counts without its entry. What it names too
/// much (a session that was removed, or has another user now) is put right in two steps: at first the entry is marked,
/// with the time as a negative score, and it goes when a minute later it is wrong still and no process has written it
/// in the meantime. An entry that was put there a moment before its record so is never lost.
///
/// It is read in pages, so that the list of a user who has signed in a hundred thousand times holds up no other client.
/// Each begins behind the last entry of the page before, by score and id, wherever that entry is by now. A session that
/// is used moves on and so is met again; one that is marked meanwhile moves back, and the marks are therefore read
/// twice.
struct UserList: Sendable {
    private let mark: [UInt8]
    private let key: [UInt8]
    private let client: RedisClient
    private let keys: SessionKeys

    /// How many entries a page has, and how many records are asked for at once.
    static let width = 100

    init(user: String, client: RedisClient, keys: SessionKeys) {
        self.mark = SessionKeys.mark(ofUser: user)
        self.key = keys.list(ofUser: self.mark)
        self.client = client
        self.keys = keys
    }

    func ids(at now: Date) async throws -> [SessionID] {
        var (ids, seen) = ([SessionID](), Set<SessionID>())
        for end in ["+inf", "(0"] {
            var last: ListEntry?
            repeat {
                let page = try await self.page(after: last, to: end)
                let checked = try await self.check(page.filter { seen.insert($0.id).inserted }, at: now)
                await self.heal(checked, at: now)
                ids += checked.filter(\.isLive).map(\.entry.id)
                last = page.count < Self.width ? nil : page.last
            } while last != nil
        }
        return ids
    }

    /// The entries behind one, or the first ones, up to a score.
    private func page(after last: ListEntry?, to end: String) async throws -> [ListEntry] {
        let arguments = [
            last?.scoreText ?? Array("-inf".utf8), last?.id.bytes ?? [], Array(end.utf8), Array("\(Self.width)".utf8),
        ]
        let page = RedisCommand(SessionScripts.page, keys: [self.key], arguments, isRepeatable: true)
        guard let elements = try await self.client.run(page).elements else { throw RedisStoreError.damaged }
        return try stride(from: 0, to: elements.count - 1, by: 2).map { index in
            guard let entry = ListEntry(elements[index], score: elements[index + 1]) else {
                throw RedisStoreError.damaged
            }
            return entry
        }
    }

    private func check(_ entries: [ListEntry], at now: Date) async throws -> [ListEntry.Checked] {
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
