// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Leaves out of a scenario what its finding does not need.
@MainActor
struct Shrinker {
    let simulator: Simulator
    /// How many runs it may take.
    var budget = 400

    /// The smallest scenario that was found in which the same promise is not kept, and its order.
    mutating func shrink(_ scenario: Scenario, _ promise: Promise) -> Scenario {
        var smallest = scenario
        var step = max(smallest.acts.count / 2, 1)
        while step >= 1, self.budget > 0 {
            var begin = 0
            var hasShrunk = false
            while begin < smallest.acts.count, self.budget > 0 {
                var smaller = smallest
                smaller.acts.removeSubrange(begin..<min(begin + step, smaller.acts.count))
                if self.fails(smaller, promise) {
                    smallest = smaller
                    hasShrunk = true
                } else {
                    begin += step
                }
            }
            if step == 1, !hasShrunk { break }
            step = max(step / 2, 1)
        }
        return self.calmer(smallest, promise)
    }

    /// The same with fewer kinds of faults.
    private mutating func calmer(_ scenario: Scenario, _ promise: Promise) -> Scenario {
        var calmest = scenario
        for path in [\Faults.network, \.store, \.lateness, \.lag, \.hangUps] where calmest.faults[keyPath: path] > 0 {
            var calmer = calmest
            calmer.faults[keyPath: path] = 0
            if self.fails(calmer, promise) { calmest = calmer }
        }
        return calmest
    }

    private mutating func fails(_ scenario: Scenario, _ promise: Promise) -> Bool {
        self.budget -= 1
        let outcome = self.simulator.run(scenario, tally: Tally())
        return outcome.findings.contains { $0.promise == promise }
    }
}
