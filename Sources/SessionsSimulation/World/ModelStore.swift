// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSimulationKit

/// A store that is right: one table, and every call takes effect at one moment. What goes wrong with stores goes wrong
/// on the way to it (``StoreLink``).
@Simulated
final class ModelStore {
    let name: String
    private let schedule: Schedule
    private var records: [SessionID: SessionRecord] = [:]
    /// A user's ids in the order of their coming, so that no order depends on a hash.
    private var index: [String: [SessionID]] = [:]
    /// What each id held before its last changes, for reads from a replica that lags behind.
    private var past: [SessionID: [(until: Int, record: SessionRecord?)]] = [:]
    private let remembersPast: Bool
    /// What a replica has that has heard nothing since.
    private var replica: [SessionID: SessionRecord]?
    /// Until when nothing can reach the store, in microseconds.
    var downUntil = 0
    /// Until when no new record finds room.
    var fullUntil = 0

    init(_ name: String, _ schedule: Schedule, remembersPast: Bool) {
        self.name = name
        self.schedule = schedule
        self.remembersPast = remembersPast
    }

    func read(_ id: SessionID, at now: Date, lag: Int = 0) -> SessionRecord? {
        let record = lag == 0 ? self.records[id] : self.record(id, before: self.schedule.now - lag)
        return record.flatMap { $0.isExpired(at: now) ? nil : $0 }
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) throws -> Bool {
        guard self.read(record.id, at: now)?.version == version else { return false }
        if version == nil, self.schedule.now < self.fullUntil { throw LinkFault.full }
        self.put(record, under: record.id)
        return true
    }

    func remove(_ id: SessionID, ifVersion version: Int?) -> Bool {
        if let version, let present = self.records[id], present.version != version { return false }
        self.put(nil, under: id)
        return true
    }

    func removeExpired(at now: Date, limit: Int) -> Int {
        let expired = self.records.values.filter { $0.isExpired(at: now) }
            .sorted { $0.id.bytes.lexicographicallyPrecedes($1.id.bytes) }.prefix(limit)
        for record in expired { self.put(nil, under: record.id) }
        return expired.count
    }

    /// - Parameter lag: The index may name what the record does not say any more, and not name yet what it says.
    func ids(ofUser user: String, at now: Date, lag: Int = 0) -> [SessionID] {
        self.index[user, default: []].filter { self.read($0, at: now, lag: lag)?.user == user }
    }

    /// From now on the replica hears nothing.
    func cutOffReplica() { self.replica = self.records }

    /// The replica takes the store's place.
    ///
    /// - Returns: The ids under which it has something else, and those of them under which neither has a session.
    func failOver() -> (ids: Set<SessionID>, withoutSession: Set<SessionID>) {
        guard let replica = self.replica else { return ([], []) }
        let ids = Set(self.records.keys).union(replica.keys).filter { self.records[$0] != replica[$0] }
        let before = ids.filter(self.hasSession)
        self.records = replica
        self.replica = nil
        return (ids, ids.filter { !before.contains($0) && !self.hasSession($0) })
    }

    /// Whether a record is a session's, and not a copy: "its hash belongs to no secret". (MIGRATING)
    func hasSession(_ id: SessionID) -> Bool {
        self.records[id].map { record in record.secretHash.contains { $0 != 0 } } ?? false
    }

    private func put(_ record: SessionRecord?, under id: SessionID) {
        let before = self.records[id]
        if self.remembersPast { self.past[id, default: []].append((self.schedule.now, before)) }
        self.records[id] = record
        // An id stays in the list of each user it ever had; a read tells whether it is still theirs.
        if let user = record?.user, self.index[user]?.contains(id) != true { self.index[user, default: []].append(id) }
    }

    private func record(_ id: SessionID, before time: Int) -> SessionRecord? {
        for (until, record) in self.past[id] ?? [] where time < until { return record }
        return self.records[id]
    }
}
