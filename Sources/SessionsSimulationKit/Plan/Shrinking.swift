// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Leaves out of a run's acts what its finding does not need.
package struct Shrinking {
    /// How many runs it may take.
    package var budget: Int

    package init(budget: Int) {
        self.budget = budget
    }

    /// The fewest acts that were found with which the run still fails, in their order: halves are left out first, then
    /// smaller parts, and at last single acts.
    package mutating func fewest<Act>(of acts: [Act], fails: ([Act]) -> Bool) -> [Act] {
        var fewest = acts
        var step = max(fewest.count / 2, 1)
        while step >= 1, self.budget > 0 {
            var begin = 0
            var hasShrunk = false
            while begin < fewest.count, self.budget > 0 {
                var fewer = fewest
                fewer.removeSubrange(begin..<min(begin + step, fewer.count))
                self.budget -= 1
                if fails(fewer) {
                    fewest = fewer
                    hasShrunk = true
                } else {
                    begin += step
                }
            }
            if step == 1, !hasShrunk { break }
            step = max(step / 2, 1)
        }
        return fewest
    }
}
