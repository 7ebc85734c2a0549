// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What a ``StoreSimulation`` has found: a promise of the contract that the store did not keep.
public struct StoreSimulationFailure: Error, Sendable, CustomStringConvertible {
    /// The seed that found it. The same program does the same with it, so that `StoreSimulation(seed:runs:)` with this
    /// seed and one run finds it again.
    public let seed: UInt64
    /// How many seeds were run until one found it, this one included.
    public let runs: Int
    /// The promise that was not kept, in words.
    public let promise: String
    /// What was found instead.
    public let finding: String
    /// The calls of the store that led to it, in the order of their beginnings: each with its number, its times, what
    /// was asked and what the store answered. What the finding does not need has been left out.
    public let story: [String]
    private let acts: (left: Int, all: Int)

    init(
        seed: UInt64, runs: Int, _ finding: StoreFinding, story: [String] = [], acts: (left: Int, all: Int) = (0, 0)
    ) {
        self.seed = seed
        self.runs = runs
        self.promise = finding.promise.rawValue
        self.finding = finding.text
        self.story = story
        self.acts = acts
    }

    /// The promise, what was found, and the story.
    public var description: String {
        let count = self.runs == 1 ? "the first run" : "after \(self.runs) runs"
        let head = [
            "seed \(self.seed), \(count): a promise was not kept: \(self.promise)", "  \(self.finding)",
        ]
        guard !self.story.isEmpty else { return head.joined(separator: "\n") }
        let left = "  the story, with \(self.acts.left) of \(self.acts.all) acts:"
        return (head + [left] + self.story.map { "    \($0)" }).joined(separator: "\n")
    }
}
