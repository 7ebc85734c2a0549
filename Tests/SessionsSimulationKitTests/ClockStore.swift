// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSimulationKit

/// A store whose engine expires records by its own clock, as Redis does.
struct ClockStore: SessionStore {
    let machine: SimulatedMachine
    private let table = MemoryStore()

    init(machine: SimulatedMachine) {
        self.machine = machine
    }

    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.machine.engine { self.table.read(id, at: self.machine.now) }
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.machine.engine(changes: true) {
            self.table.write(record, replacing: version, at: self.machine.now)
        }
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.machine.engine(changes: true) { self.table.remove(id, ifVersion: version) }
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.machine.engine(changes: true) {
            self.table.removeExpired(at: self.machine.now, limit: limit)
        }
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.machine.engine { self.table.ids(ofUser: user, at: self.machine.now) }
    }
}
