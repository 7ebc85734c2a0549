// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a ``SessionStoreSuite`` found wrong with a store.
public struct SessionStoreSuiteFailure: Error, Sendable, CustomStringConvertible {
    /// The checks that failed, in the order in which they ran.
    public let failedChecks: [FailedCheck]
    /// How many checks were to run.
    public let checkCount: Int
    /// What the random checks were made from: give it to the suite to have the same operations again.
    public let seed: UInt64

    /// Every failed check with what was expected of the store.
    public var description: String {
        let (failed, all) = (self.failedChecks.count, self.checkCount)
        let head = "The session store fails \(failed) of \(all) checks (seed \(self.seed)):"
        return ([head] + self.failedChecks.map(\.description)).joined(separator: "\n")
    }
}
