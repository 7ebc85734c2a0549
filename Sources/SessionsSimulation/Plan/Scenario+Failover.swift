// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// A store that fails over to a replica, which has not heard of the last writes although they were acknowledged. On the
/// way from one store to another, or from cookies to a store, it is either of the two.
extension Scenario {
    static func failingOver(_ acts: [Act], in scenario: Scenario, _ lots: inout Lots) -> [Act] {
        let hasStore = scenario.kind != .sealed || scenario.canRevoke
        guard hasStore, scenario.faults.lag == 0, !acts.isEmpty, lots.happens(300) else { return acts }
        var all = acts
        for _ in 0..<lots.number(in: 1...2) {
            // Shortly before something happens that can be lost.
            let at = max(lots.pick(acts).at - lots.pick([0, lots.below(20_000), lots.below(Scene.second)]), 0)
            let time = lots.pick([2000, 20_000, 200_000, 2 * Scene.second, 8 * Scene.second])
            all.append(Act(at: at, hand: .replica, kind: .failOver(losing: time), seed: lots.number()))
        }
        if lots.happens(scenario.isOnTheWay ? 700 : 400) { all = Self.playingAtFailover(all, in: scenario, &lots) }
        return all.sorted { $0.at < $1.at }
    }

    private static func playingAtFailover(_ acts: [Act], in scenario: Scenario, _ lots: inout Lots) -> [Act] {
        if scenario.isOnTheWay, lots.happens(800) {
            var play = Scene(in: scenario, begin: 1000)
            play.playMoveMeetingFailover(&lots)
            // The operator does nothing else, so that the site is where the play needs it.
            if !play.acts.isEmpty { return play.staged(among: acts.filter { $0.hand != .operators }) }
        }
        var play = Scene(in: scenario, begin: lots.pick(acts).at)
        play.playMeetingFailover(&lots)
        return play.staged(among: acts)
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

    /// The session is about to move to the new store, or moves, while one of the two stores tells its replica nothing;
    /// after the failover the visitor signs out, and a thief has a copy of the cookie.
    fileprivate mutating func playMoveMeetingFailover(_ lots: inout Lots) {
        // By then the site has gone through three rolling restarts.
        let restarts = 190 * Self.second
        guard self.idle > 2 * restarts else { return }
        self.send(.signIn, after: 0, &lots)
        for number in 1...lots.pick([2, 3, 3]) { self.add(.operators, .move, after: number * Self.second, &lots) }
        let cut = restarts + lots.below(20) * Self.second
        let end = cut + 2 * Self.second
        if lots.happens(300) { self.send(.count, after: cut - Self.second, &lots) }
        self.add(.replica, .failOver(losing: end - cut), after: cut, &lots)
        for tab in 0..<Scenario.tabs {
            self.send(
                lots.pick([.count, .count, .set, .look, .renew]), from: tab, after: cut + lots.below(end - cut), &lots)
        }
        let goesOn = lots.happens(400)
        if goesOn { self.add(.operators, .move, after: end, &lots) }
        self.add(.thief, .copyCookie(of: self.visitor), after: end + Self.second, &lots)
        let late = end + (goesOn ? 70 : lots.pick([2, 30])) * Self.second
        if lots.happens(goesOn ? 700 : 300) { self.send(lots.pick([.count, .look]), after: late, &lots) }
        self.send(lots.pick([.signOut, .signOut, .removeAll, .count]), after: late + 3 * Self.second, &lots)
        for number in 1...3 {
            self.add(.thief, .useCopy(.look, of: self.visitor), after: late + (3 + number) * Self.second, &lots)
        }
        self.send(.look, after: late + 8 * Self.second, &lots)
    }
}
