// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit
import Synchronization

/// Runs scenarios, one at a time, and nothing else.
@MainActor
final class Simulator {
    /// What came of a run.
    struct Outcome: Sendable {
        var findings: [Finding] = []
        var story: [String] = []
        var fingerprint: UInt64 = 0
        var jobs = 0
    }

    private let schedule = Schedule.shared
    let tally = Tally()

    /// - Returns: Nil where Swift's runtime lets no program order its tasks.
    init?() {
        guard TaskHook.install() else { return nil }
    }

    /// Runs a scenario to its end.
    ///
    /// - Parameters:
    ///   - tally: Where to count; nil for the tally of all runs.
    ///   - tells: Whether the outcome has the story of the run.
    func run(_ scenario: Scenario, tally: Tally? = nil, tells: Bool = false) -> Outcome {
        self.schedule.begin(seed: scenario.seed &+ 0x0DDE)
        let box = Box()
        Self.start(scenario, self.schedule, tally ?? self.tally, tells: tells, box)
        self.schedule.run()
        var outcome = box.outcome.withLock { $0 } ?? Self.standstill(at: self.schedule.now)
        outcome.fingerprint = self.schedule.fingerprint
        outcome.jobs = self.schedule.jobCount
        return outcome
    }

    private nonisolated static func start(
        _ scenario: Scenario, _ schedule: Schedule, _ tally: Tally, tells: Bool, _ box: Box
    ) {
        Task { @Simulated in
            let world = World(scenario, on: schedule, tally: tally, tells: tells)
            await world.run()
            let outcome = Outcome(findings: world.chronicle.findings, story: world.chronicle.story)
            world.close()
            box.outcome.withLock { $0 = outcome }
        }
    }

    private static func standstill(at now: Int) -> Outcome {
        Outcome(findings: [
            Finding(promise: .startsUp, text: "The run stands still: a task waits for what never comes.", at: now)
        ])
    }

    private final class Box: Sendable {
        let outcome = Mutex<Outcome?>(nil)
    }
}
