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
/// The list names at least every live session of the user, because a write without its entry does not count. One
/// exception: in a cluster the list and a record may be on different servers, and a failover of the list's server may
/// lose an entry that it has acknowledged. The list does not name that session until it is next written.
///
/// Entries that are wrong (the session was removed, or has another user now) are corrected in two steps. First a reader
/// replaces the score with the current time, negated. A minute later a reader removes the entry if it is still wrong
/// and no process has written it in the meantime. So an entry that was added a moment before its record is never lost.
///
/// The list is read in pages, so that the list of a user who has signed in a hundred thousand times does not block
/// other clients. Each page begins after the last entry of the page before, by score and id, wherever that entry is by
/// now. A session that is used moves forward in the list, so a later page has it again. An entry that is found wrong
/// meanwhile moves back, so the negative scores are read twice.
struct UserList: Sendable {
    private let mark: [UInt8]
    private let key: [UInt8]
    private let client: RedisClient
    private let keys: SessionKeys

    /// How many entries a page has, and how many records are read at once.
    static let width = 100

    init(user: String, client: RedisClient, keys: SessionKeys) {
        self.mark = SessionKeys.mark(ofUser: user)
        self.key = keys.list(ofUser: self.mark)
        self.client = client
        self.keys = keys
    }

    /// - Parameter limit: How many are enough. The rest of the list is then left unread, and uncorrected.
    func ids(limit: Int = .max, at now: Date) async throws -> [SessionID] {
        var (ids, seen) = ([SessionID](), Set<SessionID>())
        for end in ["+inf", "(0"] {
            var last: ListEntry?
            repeat {
                let page = try await self.page(after: last, to: end)
                let checked = try await self.check(page.filter { seen.insert($0.id).inserted }, at: now)
                await self.heal(checked, at: now)
                ids += checked.filter(\.isLive).map(\.entry.id)
                guard ids.count < limit else { return Array(ids.prefix(limit)) }
                last = page.count < Self.width ? nil : page.last
            } while last != nil
        }
        return ids
    }

    /// The entries after `last`, or the first ones, up to a score.
    private func page(after last: ListEntry?, to end: String) async throws -> [ListEntry] {
        let arguments = [
            last?.scoreText ?? Array("-inf".utf8), last?.id.bytes ?? [], Array(end.utf8), Array("\(Self.width)".utf8),
        ]
        let page = RedisCommand(SessionScripts.page, keys: [self.key], arguments, isRepeatable: true)
        guard let elements = try await self.client.run(page).elements else { throw RedisStoreError.damaged }
        let entries = try stride(from: 0, to: elements.count - 1, by: 2).map { index in
            guard let entry = ListEntry(elements[index], score: elements[index + 1]) else {
                throw RedisStoreError.damaged
            }
            return entry
        }
        // A server that gave the same page each time would be asked for ever, and an answer without the rest would be
        // taken for the whole list.
        if let last, let end = entries.last, !end.isBehind(last) { throw RedisStoreError.unorderedList }
        return entries
    }

    private func check(_ entries: [ListEntry], at now: Date) async throws -> [ListEntry.Checked] {
        let replies = try await self.client.run(entries.map { self.head(of: $0.id) })
        return zip(entries, replies).map { entry, reply in
            var checked = ListEntry.Checked(entry: entry, head: RecordValue.head(reply.bytes ?? []))
            checked.check(user: self.mark, at: now)
            return checked
        }
    }

    private func head(of id: SessionID) -> RedisCommand {
        let key = self.keys.session(id)
        let last = Array("\(RecordValue.headLength - 1)".utf8)
        return RedisCommand("GETRANGE", [key, Array("0".utf8), last], key: key)
    }

    /// Corrects wrong entries. The answer does not need it, so it may fail: the next reader tries again.
    private func heal(_ checked: [ListEntry.Checked], at now: Date) async {
        let changes = checked.flatMap { $0.change(at: now) }
        guard !changes.isEmpty else { return }
        _ = try? await self.client.run(
            RedisCommand(SessionScripts.heal, keys: [self.key], changes, isRepeatable: true))
    }
}
