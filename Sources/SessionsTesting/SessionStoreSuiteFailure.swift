// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// The checks of a ``SessionStoreSuite`` that a store failed.
public struct SessionStoreSuiteFailure: Error, Sendable, CustomStringConvertible {
    /// The checks that failed, in the order in which they ran.
    public let failedChecks: [FailedCheck]
    /// How many checks were to run.
    public let checkCount: Int
    /// The seed of the random checks: pass it to the suite to repeat the same operations.
    public let seed: UInt64

    /// Every failed check, with what it expected of the store.
    public var description: String {
        let (failed, all) = (self.failedChecks.count, self.checkCount)
        let head = "The session store fails \(failed) of \(all) checks (seed \(self.seed)):"
        return ([head] + self.failedChecks.map(\.description)).joined(separator: "\n")
    }
}
