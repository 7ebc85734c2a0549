// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A store with one thing wrong in it.
final class BrokenStore: SessionStore {
    enum Fault: String, CaseIterable {
        case lastWriteWins, resurrects, forgetsIdleExpiry, forgetsAbsoluteExpiry, expiresOneMillisecondLate
        case collisionOverwrites, checksThenWrites, removesAnyVersion, keepsRemoved
        case purgesLive, purgesOverTheLimit, purgesNothing, listsTheExpired, listsTheUserBefore,
            listsByCanonicalEquivalence, listsNobody, listsOnlyWhoBeganSignedIn
        case listsMoreThanAsked, listsFewerThanThereAre, listsNoneForZero
        case keepsTextOnly, losesMilliseconds, takesEmptyForNone, readsStale
    }

    private let fault: Fault
    private let records = Mutex<[SessionID: SessionRecord]>([:])
    /// What an index that nobody keeps up to date says.
    private let firstUsers = Mutex<[SessionID: String]>([:])
    private let newUsers = Mutex<[SessionID: String]>([:])
    private let lastRead = Mutex<[SessionID: SessionRecord]>([:])

    init(_ fault: Fault) {
        self.fault = fault
    }

    func read(_ id: SessionID, at now: Date) -> SessionRecord? {
        let record = self.records.withLock { $0[id] }.flatMap { self.isLive($0, at: now) ? $0 : nil }
        guard self.fault == .readsStale else { return record }
        // A cache that forgets what it has given, so that every second read is fresh.
        return self.lastRead.withLock { cache in
            if let old = cache.removeValue(forKey: id), record != nil { return old }
            cache[id] = record
            return record
        }
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async -> Bool {
        // Others have a turn, on a busy machine too, so that what goes wrong between two writers does.
        await Task.yield()
        if self.fault == .checksThenWrites {
            let present = self.read(record.id, at: now)?.version
            await Task.yield()
            guard present == version else { return false }
            self.records.withLock { $0[record.id] = record }
            return true
        }
        return self.records.withLock { records in
            let present = records[record.id].flatMap { self.isLive($0, at: now) ? $0 : nil }
            guard self.accepts(version, over: present?.version) else { return false }
            records[record.id] = self.stored(record)
            if version == nil { self.newUsers.withLock { $0[record.id] = record.user } }
            if let user = record.user { self.firstUsers.withLock { $0[record.id] = $0[record.id] ?? user } }
            return true
        }
    }

    private func accepts(_ version: Int?, over present: Int?) -> Bool {
        switch self.fault {
        case .lastWriteWins where version != nil && present != nil: true
        case .resurrects where version != nil && present == nil: true
        case .collisionOverwrites where version == nil: true
        default: present == version
        }
    }

    func remove(_ id: SessionID, ifVersion version: Int?) -> Bool {
        self.records.withLock { records in
            if let version, let present = records[id], present.version != version, self.fault != .removesAnyVersion {
                return false
            }
            if self.fault != .keepsRemoved { records[id] = nil }
            return true
        }
    }

    func removeExpired(at now: Date, limit: Int) -> Int {
        guard self.fault != .purgesNothing else { return 0 }
        return self.records.withLock { records in
            let isDue = { (record: SessionRecord) in
                self.fault == .purgesLive ? now >= record.createdAt.adding(.seconds(60)) : !self.isLive(record, at: now)
            }
            let due = records.values.filter(isDue).prefix(self.fault == .purgesOverTheLimit ? .max : limit)
            for record in due { records[record.id] = nil }
            return due.count
        }
    }

    func ids(ofUser user: String, at now: Date) -> [SessionID] {
        guard self.fault != .listsNobody else { return [] }
        let (firstUsers, newUsers) = (self.firstUsers.withLock { $0 }, self.newUsers.withLock { $0 })
        let users = self.fault == .listsTheUserBefore ? firstUsers : newUsers
        let goesByIndex = self.fault == .listsTheUserBefore || self.fault == .listsOnlyWhoBeganSignedIn
        return self.records.withLock { records in
            records.values.filter { record in
                let owner = goesByIndex ? users[record.id] : record.user
                guard self.fault == .listsTheExpired || self.isLive(record, at: now) else { return false }
                return self.fault == .listsByCanonicalEquivalence
                    ? owner == user : owner.map { Array($0.utf8) } == Array(user.utf8)
            }.map(\.id)
        }
    }

    func ids(ofUser user: String, limit: Int, at now: Date) -> [SessionID] {
        switch self.fault {
        case .listsMoreThanAsked: return self.ids(ofUser: user, at: now)
        case .listsNoneForZero: return Array(self.ids(ofUser: user, at: now).prefix(max(limit, 0)))
        case .listsFewerThanThereAre:
            // The first of the index, of which those that have ended are then left out.
            let records = self.records.withLock { $0.values.filter { $0.user == user } }
            let first = records.sorted { $0.expiresAt < $1.expiresAt }.prefix(max(limit, 1))
            return first.filter { self.isLive($0, at: now) }.map(\.id)
        default: return Array(self.ids(ofUser: user, at: now).prefix(max(limit, 1)))
        }
    }

    private func isLive(_ record: SessionRecord, at now: Date) -> Bool {
        switch self.fault {
        case .forgetsIdleExpiry: record.absoluteEnd.map { now < $0 } ?? true
        case .forgetsAbsoluteExpiry: now < record.lastUsedAt.adding(record.idleTimeout)
        case .expiresOneMillisecondLate: now <= record.expiresAt
        default: !record.isExpired(at: now)
        }
    }

    private func stored(_ record: SessionRecord) -> SessionRecord {
        var record = record
        switch self.fault {
        case .keepsTextOnly: record.contents = Array(String(decoding: record.contents, as: UTF8.self).utf8)
        case .losesMilliseconds: record.lastUsedAt = Date(milliseconds: record.lastUsedAt.milliseconds / 1000 * 1000)
        case .takesEmptyForNone: if record.user?.isEmpty == true { record.user = nil }
        default: break
        }
        return record
    }
}
