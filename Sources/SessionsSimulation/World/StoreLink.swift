// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsSimulationKit

/// Why a call to a store failed.
enum LinkFault: String, Error, CustomStringConvertible {
    case unreachable = "the store cannot be reached"
    case lost = "the connection broke before the answer came"
    case full = "the store is full"
    /// The process has died; nothing that it does from now on has an effect.
    case died = "the process has died"

    var description: String { self.rawValue }
}

/// One process's way to a store: it takes time, and what goes wrong between a program and its store goes wrong here.
@Simulated
final class StoreLink: SessionStore {
    /// Whether calls take no time and nothing goes wrong, for a request that has to come at an exact moment.
    @TaskLocal static var isInstant = false

    private let store: ModelStore
    private let world: World
    private let life: Life
    private var lots: Lots

    init(to store: ModelStore, of life: Life, in world: World, seed: UInt64) {
        self.store = store
        self.world = world
        self.life = life
        self.lots = Lots(seed: seed)
    }

    func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        let lag = self.lag()
        return try await self.call { $0.read(id, at: now, lag: lag) }
    }

    func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        try await self.call(changes: true) { try $0.write(record, replacing: version, at: now) }
    }

    func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        try await self.call(changes: true) { $0.remove(id, ifVersion: version) }
    }

    func removeExpired(at now: Date, limit: Int) async throws -> Int {
        let count = try await self.call(changes: true) { $0.removeExpired(at: now, limit: limit) }
        if count > 0 { self.world.tally.saw(.purged) }
        return count
    }

    func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        let lag = self.lag()
        return try await self.call { $0.ids(ofUser: user, at: now, lag: lag) }
    }

    // MARK: - The way

    private func call<Answer: Sendable>(
        changes: Bool = false, _ body: @escaping @Simulated (ModelStore) throws -> Answer
    ) async throws -> Answer {
        guard !self.life.isOver else { throw LinkFault.died }
        if Self.isInstant { return try body(self.store) }
        let faults = self.world.faults
        let goesWrong = self.lots.happens(faults.store)
        let fate = self.lots.below(3)
        await self.travel(faults)
        // A process that dies may have sent its message just before.
        if self.life.isOver, self.lots.happens(500) { throw LinkFault.died }
        if self.world.schedule.now < self.store.downUntil {
            self.world.tally.saw(.outage)
            throw self.fault(.unreachable)
        }
        if goesWrong {
            guard changes, fate > 0 else { throw self.fault(.unreachable) }
            return try await self.fail(late: fate == 1, body)
        }
        let answer: Answer
        do {
            answer = try body(self.store)
        } catch {
            self.world.tally.saw(.full)
            throw self.fault(.full)
        }
        await self.travel(faults)
        guard !self.life.isOver else { throw LinkFault.died }
        if Task.isCancelled, self.lots.happens(500) { throw CancellationError() }
        return answer
    }

    /// The change is made, now or later, and the answer is lost.
    private func fail<Answer: Sendable>(
        late: Bool, _ body: @escaping @Simulated (ModelStore) throws -> Answer
    ) async throws -> Answer {
        guard late else {
            self.world.tally.saw(.ambiguousWrite)
            _ = try? body(self.store)
            throw self.fault(.lost)
        }
        let (delay, world, store) = (self.lots.below(4_000_000), self.world, self.store)
        world.tally.saw(.lateWrite)
        // In the store's own time: it has the message, whatever becomes of the process.
        world.background { @Simulated in
            await world.schedule.pause(microseconds: delay)
            _ = try? body(store)
        }
        throw self.fault(.lost)
    }

    private func travel(_ faults: Faults) async {
        let isLate = self.lots.happens(faults.lateness)
        // A list of revocations that takes too long to read counts as out of reach.
        if isLate { self.life.faultCount += 1 }
        let time = isLate ? self.lots.below(3_000_000) : self.lots.below(300)
        if time > 1_000_000 { self.world.tally.saw(.lateAnswer) }
        await self.world.schedule.pause(microseconds: time)
    }

    private func lag() -> Int {
        guard self.world.faults.lag > 0, !Self.isInstant, self.lots.happens(500) else { return 0 }
        self.world.tally.saw(.laggingRead)
        return self.lots.below(self.world.faults.lag * 1000)
    }

    private func fault(_ fault: LinkFault) -> LinkFault {
        self.life.faultCount += 1
        return fault
    }
}
