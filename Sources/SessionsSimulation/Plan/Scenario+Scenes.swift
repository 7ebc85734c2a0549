// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// Short plays of one visitor whose parts chance alone seldom brings together. Their moments are still drawn by lot.
extension Scenario {
    /// Adds a play that the site has a place for; its visitor does nothing else.
    static func staging(_ acts: [Act], in scenario: Scenario, begin: Int, _ lots: inout Lots) -> [Act] {
        var scene = Scene(visitor: scenario.visitors - 1, begin: begin, scenario: scenario)
        switch scenario.kind {
        case .stored, .migrating: scene.playPollingMeetsUse(&lots)
        case .sealed where !scenario.canRevoke: return acts
        case .sealed: scene.playSignOutMeetsRevocation(&lots)
        case .moving where lots.happens(700): scene.playCopyFromBeforeTheMove(&lots)
        case .moving: scene.playSignOutMeetsRevocation(&lots)
        }
        guard !scene.acts.isEmpty else { return acts }
        return acts.filter { !scene.isOfItsVisitor($0) } + scene.acts
    }

    private struct Scene {
        let visitor: Int
        let begin: Int
        let scenario: Scenario
        private(set) var acts: [Act] = []

        private static let second = 1_000_000

        init(visitor: Int, begin: Int, scenario: Scenario) {
            self.visitor = visitor
            self.begin = begin
            self.scenario = scenario
        }

        private var idle: Int { Int(self.scenario.idle.components.seconds) * Self.second }

        func isOfItsVisitor(_ act: Act) -> Bool {
            if case .tab(let visitor, _) = act.hand { visitor == self.visitor } else { false }
        }

        private mutating func add(_ hand: Hand, _ kind: Act.Kind, after time: Int, _ lots: inout Lots) {
            self.acts.append(Act(at: self.begin + time, hand: hand, kind: kind, seed: lots.number()))
        }

        private mutating func send(_ deed: Deed, from tab: Int = 0, after time: Int, _ lots: inout Lots) {
            self.add(.tab(visitor: self.visitor, tab: tab), .request(deed), after: time, &lots)
        }

        /// A request that is no use renews the secret while another is a use, and then nothing comes for nearly an idle
        /// timeout.
        mutating func playPollingMeetsUse(_ lots: inout Lots) {
            self.send(.count, after: 0, &lots)
            let meeting = lots.number(in: self.idle * 3 / 10...self.idle * 7 / 10)
            self.send(.peek, after: meeting + lots.below(500), &lots)
            self.send(.look, from: 1, after: meeting + lots.below(500), &lots)
            self.send(.look, after: meeting + self.idle * 3 / 4, &lots)
        }

        /// The visitor signs out in one tab while the other ends all other sessions.
        mutating func playSignOutMeetsRevocation(_ lots: inout Lots) {
            self.send(.signIn, after: 0, &lots)
            let meeting = 2 * Self.second
            self.send(.revokeOthers, after: meeting, &lots)
            self.send(lots.pick([.signOut, .removeAll]), from: 1, after: meeting + lots.below(Self.second), &lots)
            self.send(.look, after: meeting + 5 * Self.second, &lots)
        }

        /// A thief has a copy from before the sessions move into a store; the session moves, and is renewed there.
        mutating func playCopyFromBeforeTheMove(_ lots: inout Lots) {
            // A copy outlasts two rolling restarts only where sessions last that long.
            let restarts = 150 * Self.second
            guard self.idle > 2 * restarts else { return }
            self.send(.signIn, after: 0, &lots)
            self.add(.thief, .copyCookie(of: self.visitor), after: 2 * Self.second, &lots)
            for number in 1...2 { self.add(.operators, .move, after: (2 + number) * Self.second, &lots) }
            self.send(.count, after: restarts, &lots)
            self.send(lots.pick([.renew, .signIn]), after: restarts + lots.below(20) * Self.second, &lots)
            let known = Int(self.scenario.staleness.components.seconds) * Self.second
            for _ in 0..<3 {
                let time = restarts + 25 * Self.second + known + lots.below(self.idle / 4)
                self.add(.thief, .useCopy(lots.pick([.look, .count]), of: self.visitor), after: time, &lots)
            }
        }
    }
}
