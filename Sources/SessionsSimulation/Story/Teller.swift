// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Tells of a run in words.
@MainActor
enum Teller {
    static func tell(_ scenario: Scenario, _ outcome: Simulator.Outcome, of acts: Int) {
        print("\n--- seed \(scenario.seed): the story, with \(scenario.acts.count) of \(acts) acts\n")
        print(self.site(scenario))
        for line in outcome.story { print("  \(line)") }
        for finding in outcome.findings.prefix(3) { print("\n  \(finding.promise.rawValue)\n    \(finding.text)") }
        print("")
    }

    private static func site(_ scenario: Scenario) -> String {
        """
          sessions: \(scenario.kind) (\(scenario.format)\(scenario.newFormat.map { ", later \($0)" } ?? "")), own times \(scenario.own.map { "\($0)" } ?? "none"), idle \(scenario.idle), absolute \(Self.text(scenario.absolute)), renewed every \
        \(Self.text(scenario.renewalInterval)), grace \(scenario.grace), touched every \(Self.text(scenario.touchInterval)), limit \
        \(scenario.limit.map { "\($0)" } ?? "none"), staleness \(scenario.staleness), refresh \(scenario.refresh), encrypted \
        \(scenario.encrypts), clocks ahead by \(scenario.skews) ms, \(scenario.faults)
        """
    }

    private static func text(_ duration: Duration?) -> String { duration.map { "\($0)" } ?? "never" }

    /// What was counted, and what never happened.
    static func report(_ tally: Tally) {
        print("\nwhat happens sometimes:")
        for event in Sometimes.allCases {
            print("  \(Self.padded(tally.count(of: event)))  \(event.rawValue)")
        }
        print("\noracles, and how often each was asked:")
        for promise in Promise.allCases {
            print("  \(Self.padded(tally.count(of: promise)))  \(promise.rawValue)")
        }
    }

    static func padded(_ number: Int) -> String {
        let text = "\(number)"
        return String(repeating: " ", count: max(10 - text.count, 0)) + text
    }
}
