// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// A check of a ``SessionStoreSuite`` that a store did not pass.
public struct FailedCheck: Sendable, Hashable, CustomStringConvertible {
    /// The check's name: the fact that does not hold.
    public let name: String
    /// What was expected, and what there was instead.
    public let expectations: [String]

    /// The check, and what it expected and found.
    public var description: String {
        (["- \(self.name):"] + self.expectations.map { "    - \($0)" }).joined(separator: "\n")
    }
}
