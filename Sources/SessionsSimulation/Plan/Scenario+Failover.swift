// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// A store that fails over to a replica, which has not heard of the last writes although they were acknowledged.
extension Scenario {
    static func failingOver(_ acts: [Act], in scenario: Scenario, _ lots: inout Lots) -> [Act] {
        let isOneStore = scenario.kind == .stored || (scenario.kind == .sealed && scenario.canRevoke)
        guard isOneStore, scenario.faults.lag == 0, !acts.isEmpty, lots.happens(300) else { return acts }
        var all = acts
        for _ in 0..<lots.number(in: 1...2) {
            // Shortly before something happens that can be lost.
            let at = max(lots.pick(acts).at - lots.pick([0, lots.below(20_000), lots.below(Scene.second)]), 0)
            let time = lots.pick([2000, 20_000, 200_000, 2 * Scene.second, 8 * Scene.second])
            all.append(Act(at: at, hand: .replica, kind: .failOver(losing: time), seed: lots.number()))
        }
        if lots.happens(400) {
            var play = Scene(in: scenario, begin: lots.pick(acts).at)
            play.playMeetingFailover(&lots)
            all = play.staged(among: all)
        }
        return all.sorted { $0.at < $1.at }
    }
}

extension Scene {
    /// What is done between the last write that the replica hears of and the failover, and at the very moment of the
    /// failover.
    fileprivate mutating func playMeetingFailover(_ lots: inout Lots) {
        let (cut, end) = (2 * Self.second, 3 * Self.second)
        if lots.happens(800) { self.send(lots.pick([.signIn, .count]), after: 0, &lots) }
        self.add(.thief, .copyCookie(of: self.visitor), after: Self.second, &lots)
        self.add(.replica, .failOver(losing: end - cut), after: cut, &lots)
        let deeds: [Deed] = [.count, .count, .set, .signIn, .renew, .signOut, .removeUser]
        self.send(lots.pick(deeds), after: cut + Self.second / 4, &lots)
        for tab in 0..<Scenario.tabs {
            self.send(lots.pick(deeds), from: tab, after: end - lots.below(4000), &lots)
            self.send(lots.pick([.look, .count]), from: tab, after: end + Self.second + lots.below(4000), &lots)
        }
        self.add(.thief, .useCopy(lots.pick([.look, .count]), of: self.visitor), after: end + 2 * Self.second, &lots)
        self.send(.look, after: end + 3 * Self.second, &lots)
    }
}
