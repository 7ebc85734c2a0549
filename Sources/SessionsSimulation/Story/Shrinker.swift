// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// Leaves out of a scenario what its finding does not need.
@MainActor
struct Shrinker {
    let simulator: Simulator
    private var shrinking = Shrinking(budget: 400)

    init(simulator: Simulator) {
        self.simulator = simulator
    }

    /// The smallest scenario that was found in which the same promise is not kept, and its order.
    mutating func shrink(_ scenario: Scenario, _ promise: Promise) -> Scenario {
        let simulator = self.simulator
        var smallest = scenario
        smallest.acts = self.shrinking.fewest(of: scenario.acts) { acts in
            var smaller = scenario
            smaller.acts = acts
            return Self.fails(smaller, promise, simulator)
        }
        return Self.calmer(smallest, promise, simulator)
    }

    /// The same with fewer kinds of faults.
    private static func calmer(_ scenario: Scenario, _ promise: Promise, _ simulator: Simulator) -> Scenario {
        var calmest = scenario
        for path in [\Faults.network, \.store, \.lateness, \.lag, \.hangUps] where calmest.faults[keyPath: path] > 0 {
            var calmer = calmest
            calmer.faults[keyPath: path] = 0
            if Self.fails(calmer, promise, simulator) { calmest = calmer }
        }
        return calmest
    }

    private static func fails(_ scenario: Scenario, _ promise: Promise, _ simulator: Simulator) -> Bool {
        let outcome = simulator.run(scenario, tally: Tally())
        return outcome.findings.contains { $0.promise == promise }
    }
}
