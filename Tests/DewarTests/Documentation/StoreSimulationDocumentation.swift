// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSimulationKit
import Testing

/// README: docs/STORES.md, a store of your own.
/// Sources: SessionsSimulationKit/StoreSimulation.swift, SessionsSimulationKit/SessionsSimulationKit.docc
@Test func myStoreKeepsItsContractInEveryOrder() async throws {
    try await StoreSimulation { _ in [MyStore()] }.run()
}

private typealias MyStore = MemoryStore

/// Sources: SessionsSimulationKit/Machine/SimulatedMachine.swift
func simulatedMachineComment() -> StoreSimulation {
    let simulation = StoreSimulation { machine in
        [MyWaitingStore(sleep: machine.sleep(for:))]
    }
    return simulation
}

/// Sources: SessionsSimulationKit/Machine/SimulatedMachine.swift
private struct MyWaitingStore: SessionStore {
    var base: any SessionStore = MemoryStore()
    let sleep: @Sendable (Duration) async throws -> Void

    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.sleep(.milliseconds(1))
        return try await self.base.read(id, at: now)
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.base.write(record, replacing: version, at: now)
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.base.remove(id, ifVersion: version)
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.base.removeExpired(at: now, limit: limit)
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.base.ids(ofUser: user, at: now)
    }
}

@Test func aStoreThatWaitsByItsMachinePasses() async throws {
    try await simulatedMachineComment().run()
}

/// A store whose records are in an engine that it reaches over a network.
private struct MyEngineStore: SessionStore {
    let machine: SimulatedMachine
    let table = MemoryStore()

    /// Sources: SessionsSimulationKit/Machine/SimulatedMachine.swift
    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        try await self.machine.engine { self.table.read(id, at: now) }
    }

    /// README: docs/STORES.md, a store of your own.
    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.machine.engine(changes: true) {
            self.table.write(record, replacing: version, at: now)
        }
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.machine.engine(changes: true) { self.table.remove(id, ifVersion: version) }
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        try await self.machine.engine(changes: true) { self.table.removeExpired(at: now, limit: limit) }
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        try await self.machine.engine { self.table.ids(ofUser: user, at: now) }
    }
}

@Test func aStoreOverASimulatedEnginePasses() async throws {
    try await StoreSimulation { [MyEngineStore(machine: $0)] }.run()
}
