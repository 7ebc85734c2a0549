// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSimulationKit
import Synchronization

/// A store whose records are in an engine that it reaches over a network, with one thing wrong in it.
final class EngineStore: SessionStore {
    enum Flaw: String, CaseIterable, Sendable {
        case none
        /// An engine that cannot be reached is taken for one without the record.
        case outageIsAbsence
        /// A write whose answer was lost is made again, and finds its own version.
        case lostWriteIsMadeAgain
        /// What a process has read it gives for a second, whatever others have written.
        case keepsWhatItRead
        /// It gives up after an error, and says that the record was written.
        case errorCountsAsWritten
    }

    /// The engine: it is right, and does one thing at a time.
    final class Table: Sendable {
        let records = Mutex<[SessionID: SessionRecord]>([:])
    }

    private let table: Table
    private let flaw: Flaw
    private let machine: SimulatedMachine
    private let kept = Mutex<[SessionID: (record: SessionRecord?, until: Date)]>([:])

    init(_ table: Table, _ flaw: Flaw, _ machine: SimulatedMachine) {
        self.table = table
        self.flaw = flaw
        self.machine = machine
    }

    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        let table = self.table
        if self.flaw == .keepsWhatItRead, let kept = self.kept.withLock({ $0[id] }), kept.until > self.machine.now {
            return kept.record.flatMap { $0.isExpired(at: now) ? nil : $0 }
        }
        do {
            let record = try await self.machine.engine { Self.live(table, id, now) }
            self.kept.withLock { $0[id] = (record, self.machine.now.addingTimeInterval(1)) }
            return record
        } catch is SimulatedFault where self.flaw == .outageIsAbsence {
            return nil
        }
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        do {
            return try await self.change(record, version, now)
        } catch SimulatedFault.lost where self.flaw == .lostWriteIsMadeAgain {
            return try await self.change(record, version, now)
        } catch is SimulatedFault where self.flaw == .errorCountsAsWritten {
            return true
        }
    }

    private func change(_ record: SessionRecord, _ version: Int?, _ now: Date) async throws -> Bool {
        let table = self.table
        return try await self.machine.engine(changes: true) {
            guard Self.live(table, record.id, now)?.version == version else { return false }
            table.records.withLock { $0[record.id] = record }
            return true
        }
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        let table = self.table
        return try await self.machine.engine(changes: true) {
            table.records.withLock { records in
                guard let present = records[id], version == nil || present.version == version else {
                    return records[id] == nil
                }
                records[id] = nil
                return true
            }
        }
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        let table = self.table
        return try await self.machine.engine(changes: true) {
            table.records.withLock { records in
                let expired = records.values.filter { $0.isExpired(at: now) }.map(\.id)
                    .sorted { $0.description < $1.description }.prefix(limit)
                for id in expired { records[id] = nil }
                return expired.count
            }
        }
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        let table = self.table
        return try await self.machine.engine {
            table.records.withLock { records in
                records.values.filter { $0.user == user && !$0.isExpired(at: now) }.map(\.id)
            }
        }
    }

    private static func live(_ table: Table, _ id: SessionID, _ now: Date) -> SessionRecord? {
        table.records.withLock { $0[id] }.flatMap { $0.isExpired(at: now) ? nil : $0 }
    }
}
