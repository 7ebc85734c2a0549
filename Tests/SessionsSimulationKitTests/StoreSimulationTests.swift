// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsTesting
import Synchronization
import Testing

@testable import SessionsSimulationKit

/// The simulation must let a good store pass, and find what is wrong with another.
@Suite struct StoreSimulationTests {
    // MARK: - Good stores

    @Test func aGoodStorePassesAndEverythingHappensToIt() async throws {
        let report = try await StoreSimulation(runs: 500) { machine in
            [EngineStore(EngineStore.Table(), .none, machine)]
        }.run()
        #expect(report.runs == 500)
        #expect(report.calls > 5000)
        for (event, count) in report.events { #expect(count > 0, "never: \(event)") }
        #expect(report.description.hasPrefix("500 runs, \(report.calls) calls\n  "))
    }

    @Test func anActorPasses() async throws {
        try await StoreSimulation(runs: 500) { [ToyStore(.none, $0)] }.run()
    }

    @Test func theStoreInMemoryPassesThousandsOfSeeds() async throws {
        let report = try await StoreSimulation(seed: 1_000_000, runs: 2000) { _ in [MemoryStore()] }.run()
        #expect(report.runs == 2000)
    }

    @Test func aStoreOfSeveralProcessesPasses() async throws {
        try await StoreSimulation(runs: 500) { machine in
            let table = EngineStore.Table()
            return (0..<3).map { _ in EngineStore(table, .none, machine) }
        }.run()
    }

    @Test func anEngineThatExpiresRecordsByItsOwnClockPassesAsSuch() async throws {
        try await StoreSimulation(runs: 300, expiry: .byEngine) { [ClockStore(machine: $0)] }.run()
        let failure = await #expect(throws: StoreSimulationFailure.self) {
            try await StoreSimulation { [ClockStore(machine: $0)] }.run()
        }
        #expect(failure?.promise == StorePromise.isOrdered.rawValue)
    }

    // MARK: - Equal seeds

    @Test func equalSeedsGiveEqualTraces() async {
        let runner = StoreRunner(
            makeStores: { machine in
                let table = EngineStore.Table()
                return [EngineStore(table, .none, machine), EngineStore(table, .none, machine)]
            }, expiry: .byArgument)
        #expect(StoreSimulation.isPossible)
        let pairs = await StoreSimulation.alone {
            (UInt64(1)...100).map { seed in
                (runner.run(StorePlan(seed: seed)), runner.run(StorePlan(seed: seed)))
            }
        }
        for (first, second) in pairs {
            #expect(first.fingerprint == second.fingerprint)
            #expect(first.calls.map(\.description) == second.calls.map(\.description))
        }
        #expect(Set(pairs.map(\.0.fingerprint)).count == pairs.count)
    }

    // MARK: - Flaws

    @Test(arguments: ToyStore.Flaw.allCases.filter { $0 != .none })
    func aFlawIsFoundAndFoundAgain(_ flaw: ToyStore.Flaw) async throws {
        try await Self.expectFound(Self.promises(flaw)) { [ToyStore(flaw, $0)] }
    }

    @Test(arguments: EngineStore.Flaw.allCases.filter { $0 != .none })
    func whatIsWrongInFrontOfAnEngineIsFound(_ flaw: EngineStore.Flaw) async throws {
        try await Self.expectFound([.isOrdered]) { machine in
            let table = EngineStore.Table()
            return (0..<3).map { _ in EngineStore(table, flaw, machine) }
        }
    }

    private static func promises(_ flaw: ToyStore.Flaw) -> [StorePromise] {
        switch flaw {
        case .writesInTwoSteps: [.isWhole, .isOrdered]
        case .purgesOverItsLimit: [.purgesItsShare]
        case .listsTheFirstUser, .listsLate, .hangUpForgetsIndex: [.isListed, .isNotListed]
        case .limitCountsTheExpired: [.isListed]
        case .listsTheRemoved: [.isNotListed]
        default: [.isOrdered]
        }
    }

    private static func expectFound(
        _ promises: [StorePromise], _ makeStores: @escaping @Sendable (SimulatedMachine) -> [any SessionStore]
    ) async throws {
        let simulation = StoreSimulation(runs: 10_000, makeStores)
        let failure = try #require(
            await #expect(throws: StoreSimulationFailure.self) { try await simulation.run() })
        #expect(promises.map(\.rawValue).contains(failure.promise), "\(failure)")
        #expect(!failure.story.isEmpty)
        #expect(failure.seed == UInt64(failure.runs))
        let head = "seed \(failure.seed), \(failure.runs == 1 ? "the first run" : "after \(failure.runs) runs"): "
        #expect(failure.description.hasPrefix("\(head)a promise was not kept: \(failure.promise)\n"))
        // The seed alone finds the same, in the same words.
        let alone = StoreSimulation(seed: failure.seed, runs: 1, makeStores)
        let again = await #expect(throws: StoreSimulationFailure.self) { try await alone.run() }
        #expect(again?.runs == 1)
        #expect(again?.finding == failure.finding)
        #expect(again?.story == failure.story)
    }

    @Test func aStoryIsMadeShort() async throws {
        let failure = await #expect(throws: StoreSimulationFailure.self) {
            try await StoreSimulation(runs: 2000) { [ToyStore(.versionIsNotCompared, $0)] }.run()
        }
        let story = try #require(failure?.story)
        // One client creates a record, another replaces a version that is not there, and in the end all is looked at.
        #expect(story.count <= 8, "\(story.joined(separator: "\n"))")
    }

    // MARK: - What the simulation cannot decide

    @Test func aStoreThatWaitsInRealTimeIsRefused() async {
        struct Sleeper: SessionStore {
            let base: any SessionStore = MemoryStore()

            func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
                // Longer than the run, however busy the machine is: nothing waits for it.
                try await Task.sleep(for: .seconds(3600))
                return try await self.base.read(id, at: now)
            }

            func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
                try await self.base.write(record, replacing: version, at: now)
            }

            func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
                try await self.base.remove(id, ifVersion: version)
            }

            func removeExpired(at now: Date, limit: Int) async throws -> Int { 0 }

            func ids(ofUser user: String, at now: Date) async throws -> [SessionID] { [] }
        }
        let failure = await #expect(throws: StoreSimulationFailure.self) {
            try await StoreSimulation { _ in [Sleeper()] }.run()
        }
        #expect(failure?.promise == StorePromise.comesToAnEnd.rawValue)
        #expect(failure?.finding.contains("Task.sleep") == true)
    }

    @Test func chanceThatNoSeedDecidesIsRefused() async {
        let failure = await #expect(throws: StoreSimulationFailure.self) {
            try await StoreSimulation { machine in
                try await machine.sleep(for: .microseconds(Int.random(in: 1...1_000_000_000)))
                return [MemoryStore()]
            }.run()
        }
        #expect(failure?.promise == StorePromise.isDecided.rawValue)
    }

    @Test func chanceInAnAnswerIsRefused() async {
        struct DiceStore: SessionStore {
            let base: any SessionStore = MemoryStore()

            func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
                try await self.base.read(id, at: now)
            }

            func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
                try await self.base.write(record, replacing: version, at: now)
            }

            func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
                try await self.base.remove(id, ifVersion: version)
            }

            func removeExpired(at now: Date, limit: Int) async throws -> Int { Int.random(in: 1000...1_000_000_000) }

            func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
                try await self.base.ids(ofUser: user, at: now)
            }
        }
        let failure = await #expect(throws: StoreSimulationFailure.self) {
            try await StoreSimulation { _ in [DiceStore()] }.run()
        }
        #expect(failure?.promise == StorePromise.isDecided.rawValue)
    }

    @Test func aStoreThatGoesOnWithoutEndIsRefused() async {
        let failure = await #expect(throws: StoreSimulationFailure.self) {
            try await StoreSimulation { machine in
                while machine.now < .distantFuture { try await machine.sleep(for: .seconds(1)) }
                return [MemoryStore()]
            }.run()
        }
        #expect(failure?.promise == StorePromise.comesToAnEnd.rawValue)
        #expect(failure?.finding.contains("goes on without end") == true)
    }

    @Test func aStoreThatCannotBeMadeIsAFinding() async {
        struct NoRoom: Error {}
        let failure = await #expect(throws: StoreSimulationFailure.self) {
            try await StoreSimulation { _ in throw NoRoom() }.run()
        }
        #expect(failure?.promise == StorePromise.answers.rawValue)
        let none = await #expect(throws: StoreSimulationFailure.self) {
            try await StoreSimulation { _ in [] }.run()
        }
        #expect(none?.finding.contains("there is none") == true)
    }

    @Test func anErrorForNoReasonIsAFinding() async {
        struct Moody: Error {}
        struct MoodyStore: SessionStore {
            func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? { throw Moody() }

            func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool { false }

            func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool { true }

            func removeExpired(at now: Date, limit: Int) async throws -> Int { 0 }

            func ids(ofUser user: String, at now: Date) async throws -> [SessionID] { [] }
        }
        let failure = await #expect(throws: StoreSimulationFailure.self) {
            try await StoreSimulation { _ in [MoodyStore()] }.run()
        }
        #expect(failure?.promise == StorePromise.answers.rawValue)
    }

    // MARK: - Beside other tasks

    @Test func otherTasksGoOnMeanwhile() async throws {
        async let sum = withTaskGroup(of: Int.self) { group in
            for number in 1...1000 {
                group.addTask {
                    await Task.yield()
                    return number
                }
            }
            return await group.reduce(0, +)
        }
        async let report = StoreSimulation(runs: 50) { [ToyStore(.none, $0)] }.run()
        #expect(await sum == 500_500)
        #expect(try await report.runs == 50)
    }

    @Test func aTaskInTheBackgroundEndsWithItsRun() async throws {
        let ends = Ends()
        try await StoreSimulation(runs: 20) { machine in
            Task {
                while !Task.isCancelled {
                    do {
                        try await machine.sleep(for: .seconds(1))
                    } catch {
                        ends.count.add(1, ordering: .sequentiallyConsistent)
                        return
                    }
                }
            }
            return [MemoryStore()]
        }.run()
        // The first seed runs twice.
        #expect(ends.count.load(ordering: .sequentiallyConsistent) == 21)
    }

    private final class Ends: Sendable {
        let count = Atomic(0)
    }
}
