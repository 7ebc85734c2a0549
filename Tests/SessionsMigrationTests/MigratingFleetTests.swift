// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Foundation
import Sessions
import SessionsMigration
import TestSupport
import Testing

@testable import SessionsTesting

/// Processes of neighbouring phases on the same two stores: what they see looks as if it had happened in some order.
@Suite struct MigratingFleetTests {
    struct Fleet: Sendable, CustomTestStringConvertible {
        let left: MigrationScene.Side
        let right: MigrationScene.Side
        let start: MigrationScene.Start
        var creates = true

        var testDescription: String { "\(self.left) and \(self.right), \(self.start)" }
    }

    static let fleets = [
        Fleet(left: .old, right: .migrating(.fill), start: .nowhere),
        Fleet(left: .old, right: .migrating(.fill), start: .inOld),
        Fleet(left: .migrating(.fill), right: .migrating(.both), start: .nowhere),
        Fleet(left: .migrating(.fill), right: .migrating(.both), start: .inOld),
        Fleet(left: .migrating(.fill), right: .migrating(.both), start: .inNew, creates: false),
        Fleet(left: .migrating(.fill), right: .migrating(.both), start: .leavingNew, creates: false),
        Fleet(left: .migrating(.both), right: .migrating(.drain), start: .inOld, creates: false),
        Fleet(left: .migrating(.both), right: .migrating(.drain), start: .leavingOld, creates: false),
        Fleet(left: .migrating(.both), right: .migrating(.drain), start: .inNew, creates: false),
        Fleet(left: .migrating(.drain), right: .migrating(.drain), start: .inOld, creates: false),
        Fleet(left: .migrating(.drain), right: .new, start: .nowhere),
        Fleet(left: .migrating(.drain), right: .new, start: .inNew),
    ]

    @Test(arguments: MigratingFleetTests.fleets)
    func whatASessionGoesThroughHasAnOrder(_ fleet: Fleet) async throws {
        let seed = UInt64.random(in: 0...UInt64(UInt32.max))
        for round in 0..<250 {
            let history = try await Self.history(of: fleet, seed: seed &+ UInt64(round) &* 8)
            guard !History.isLinearizable(history) else { continue }
            let lines = history.sorted { $0.began < $1.began }.map(\.description)
            Issue.record("seed \(seed), round \(round): no order explains\n\(lines.joined(separator: "\n"))")
            return
        }
    }

    /// Four clients with four operations each, two on either side, while whoever can moves the session without writing
    /// it.
    private static func history(of fleet: Fleet, seed: UInt64) async throws -> [StoreEvent] {
        let scene = MigrationScene(JitterStore(MemoryStore()), JitterStore(MemoryStore()))
        let clock = EventClock()
        let trials = [fleet.left, fleet.right].map { side in
            StoreTrial(store: scene.store(side), settings: SessionStoreSuite { MemoryStore() }.settings)
        }
        var base = trials[0].record(user: "alice")
        base.contents = [99]
        var events: [StoreEvent] = []
        if fleet.start != .nowhere {
            let began = clock.tick()
            try await scene.begin(base, fleet.start, at: trials[0].start)
            events.append(
                StoreEvent(
                    client: 9, began: began, ended: clock.tick(),
                    operation: .write(replacing: nil, tag: 99, isDone: true)))
        }
        let record = base
        try await withThrowingTaskGroup(of: [StoreEvent].self) { group in
            for number in 0..<4 {
                group.addTask {
                    var client = RandomClient(
                        number: number, seed: seed &+ UInt64(number), base: record, clock: clock,
                        creates: fleet.creates)
                    return try await client.run(4, on: trials[number % 2])
                }
            }
            for trial in trials {
                guard let store = trial.store as? MigratingStore else { continue }
                group.addTask {
                    for _ in 0..<3 { _ = try await store.bringHome(record.id, at: trial.start) }
                    return []
                }
            }
            for try await more in group { events += more }
        }
        for trial in trials { events.append(try await Self.look(at: record, trial, clock)) }
        return events
    }

    private static func look(at record: SessionRecord, _ trial: StoreTrial, _ clock: EventClock) async throws
        -> StoreEvent
    {
        let began = clock.tick()
        let seen = try await trial.read(record).map {
            StoreEvent.Seen(version: $0.version, tag: Int($0.contents.first ?? 255))
        }
        return StoreEvent(client: 8, began: began, ended: clock.tick(), operation: .read(seen))
    }
}
