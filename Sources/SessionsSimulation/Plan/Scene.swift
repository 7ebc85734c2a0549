// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// A short play of the site's last visitor, who does nothing else.
struct Scene {
    let visitor: Int
    let begin: Int
    let scenario: Scenario
    private(set) var acts: [Act] = []

    static let second = 1_000_000

    init(in scenario: Scenario, begin: Int) {
        self.visitor = scenario.visitors - 1
        self.begin = begin
        self.scenario = scenario
    }

    var idle: Int { Int(self.scenario.idle.components.seconds) * Self.second }
    var staleness: Int { Int(self.scenario.staleness.components.seconds) * Self.second }

    mutating func add(_ hand: Hand, _ kind: Act.Kind, after time: Int, _ lots: inout Lots) {
        self.acts.append(Act(at: self.begin + time, hand: hand, kind: kind, seed: lots.number()))
    }

    mutating func send(_ deed: Deed, from tab: Int = 0, after time: Int, _ lots: inout Lots) {
        self.add(.tab(visitor: self.visitor, tab: tab), .request(deed), after: time, &lots)
    }

    /// The acts with the play in place of what its visitor does there; those acts if there is no play.
    func staged(among acts: [Act]) -> [Act] {
        guard !self.acts.isEmpty else { return acts }
        return acts.filter { !self.isOfItsVisitor($0) } + self.acts
    }

    private func isOfItsVisitor(_ act: Act) -> Bool {
        if case .tab(let visitor, _) = act.hand { visitor == self.visitor } else { false }
    }
}
