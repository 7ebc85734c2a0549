// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsTesting
import Synchronization

/// Runs plans on a store, one at a time, on the thread that it is called on.
struct StoreRunner {
    /// What came of a run.
    struct Outcome: Sendable {
        var findings: [StoreFinding] = []
        var calls: [StoreCall] = []
        var events: [StoreEventKind: Int] = [:]
        var fingerprint: UInt64 = 0
    }

    let makeStores: @Sendable (SimulatedMachine) async throws -> [any SessionStore]
    let expiry: SessionStoreExpiry

    /// How many jobs a run may take; one with a store that does not wait by itself takes some thousand.
    private static let most = 200_000
    /// How many jobs the tasks that a store has in the background may take to end, when the run is over.
    private static let rest = 10_000

    func run(_ plan: StorePlan) -> Outcome {
        let (schedule, box) = (Schedule.shared, Box())
        // Each call and return is a place where another task may come in, and calls of one moment meet in the store.
        schedule.begin(seed: plan.seed &+ 0x0DDE, stops: 1000, timersEndTogether: true)
        Self.start(plan, self.makeStores, self.expiry, schedule, box)
        schedule.run(atMost: Self.most) { box.outcome.withLock { $0 != nil } }
        var outcome = box.outcome.withLock { $0 } ?? Self.standstill(schedule)
        outcome.fingerprint = schedule.fingerprint
        schedule.run(atMost: Self.rest)
        schedule.end()
        return outcome
    }

    private static func start(
        _ plan: StorePlan, _ makeStores: @escaping @Sendable (SimulatedMachine) async throws -> [any SessionStore],
        _ expiry: SessionStoreExpiry, _ schedule: Schedule, _ box: Box
    ) {
        _ = Simulated.task {
            let machine = MachineState(plan, schedule)
            let outcome: Outcome
            do {
                let stores = try await makeStores(SimulatedMachine(state: machine))
                guard !stores.isEmpty else { throw NoStore() }
                let world = StoreWorld(plan, stores, machine, schedule)
                await world.run()
                outcome = Outcome(
                    findings: world.findings(expiry), calls: world.log.calls, events: world.log.events)
            } catch {
                machine.end()
                let finding = StoreFinding(promise: .answers, text: "making the store threw: \(error)")
                outcome = Outcome(findings: [finding])
            }
            box.outcome.withLock { $0 = outcome }
        }
    }

    private static func standstill(_ schedule: Schedule) -> Outcome {
        let text =
            if schedule.hasMore {
                "the run is not over after \(Self.most) jobs: a task of the store goes on without end"
            } else {
                """
                a task waits for what never comes, or for what no seed decides about: a socket, a file, a queue, a \
                thread, the main actor, Task.sleep, or Task.yield in a task that the store has begun
                """
            }
        return Outcome(findings: [StoreFinding(promise: .comesToAnEnd, text: text)])
    }

    private struct NoStore: Error, CustomStringConvertible {
        let description = "there is none"
    }

    private final class Box: Sendable {
        let outcome = Mutex<Outcome?>(nil)
    }
}
