// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// A store that fails over to a replica, which has not heard of the last writes although they were acknowledged.
extension Scenario {
    private static let second = 1_000_000

    static func failingOver(_ acts: [Act], in scenario: Scenario, _ lots: inout Lots) -> [Act] {
        let isOneStore = scenario.kind == .stored || (scenario.kind == .sealed && scenario.canRevoke)
        guard isOneStore, scenario.faults.lag == 0, !acts.isEmpty, lots.happens(300) else { return acts }
        var all = acts
        for _ in 0..<lots.number(in: 1...2) {
            // Shortly before something happens that can be lost.
            let at = max(lots.pick(acts).at - lots.pick([0, lots.below(20_000), lots.below(second)]), 0)
            let time = lots.pick([2000, 20_000, 200_000, 2 * self.second, 8 * self.second])
            all.append(Act(at: at, hand: .replica, kind: .failOver(losing: time), seed: lots.number()))
        }
        if lots.happens(400) { all = Self.meetingFailover(all, in: scenario, begin: lots.pick(acts).at, &lots) }
        return all.sorted { $0.at < $1.at }
    }

    /// A short play of one visitor, who does nothing else: what is done between the last write that the replica hears
    /// of and the failover, and at the very moment of the failover.
    private static func meetingFailover(
        _ acts: [Act], in scenario: Scenario, begin: Int, _ lots: inout Lots
    ) -> [Act] {
        let visitor = scenario.visitors - 1
        var play: [Act] = []
        func add(_ hand: Hand, _ kind: Act.Kind, after time: Int, _ lots: inout Lots) {
            play.append(Act(at: begin + time, hand: hand, kind: kind, seed: lots.number()))
        }
        func send(_ deed: Deed, from tab: Int, after time: Int, _ lots: inout Lots) {
            add(.tab(visitor: visitor, tab: tab), .request(deed), after: time, &lots)
        }
        let (cut, end) = (2 * self.second, 3 * self.second)
        if lots.happens(800) { send(lots.pick([.signIn, .count]), from: 0, after: 0, &lots) }
        add(.thief, .copyCookie(of: visitor), after: self.second, &lots)
        add(.replica, .failOver(losing: end - cut), after: cut, &lots)
        let deeds: [Deed] = [.count, .count, .set, .signIn, .renew, .signOut, .removeUser]
        send(lots.pick(deeds), from: 0, after: cut + self.second / 4, &lots)
        for tab in 0..<Self.tabs {
            send(lots.pick(deeds), from: tab, after: end - lots.below(4000), &lots)
            send(lots.pick([.look, .count]), from: tab, after: end + self.second + lots.below(4000), &lots)
        }
        add(.thief, .useCopy(lots.pick([.look, .count]), of: visitor), after: end + 2 * self.second, &lots)
        send(.look, from: 0, after: end + 3 * self.second, &lots)
        let others = acts.filter {
            if case .tab(visitor, _) = $0.hand { false } else { true }
        }
        return others + play
    }
}
