// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// Who does what, and when.
extension Scenario {
    static let tabs = 2

    static func acts(for scenario: Scenario, _ lots: inout Lots) -> [Act] {
        var acts: [Act] = []
        let count = lots.number(in: 6...28)
        // Visitors who meet: their tabs begin at moments that all know.
        let beats = Self.beats(scenario, count: count, &lots)
        for visitor in 0..<scenario.visitors {
            let taste = lots.below(3)
            for tab in 0..<Self.tabs {
                for beat in beats where lots.happens(800) {
                    let at = beat + lots.pick([0, 0, lots.below(300), lots.below(4000), lots.below(600_000)])
                    let kind = Self.request(taste, scenario, &lots)
                    acts.append(Act(at: at, hand: .tab(visitor: visitor, tab: tab), kind: kind, seed: lots.number()))
                }
            }
        }
        acts += Self.others(scenario, beats: beats, &lots)
        if lots.happens(250) { acts = Self.staging(acts, in: scenario, begin: lots.pick(beats), &lots) }
        return acts.sorted { $0.at < $1.at }
    }

    /// Moments, some close together and some as far apart as the site's times are.
    private static func beats(_ scenario: Scenario, count: Int, _ lots: inout Lots) -> [Int] {
        let second = 1_000_000
        let idle = Int(scenario.idle.components.seconds) * second
        let grace = Int(scenario.grace.components.seconds) * second
        var beats: [Int] = []
        var now = 1000
        for _ in 0..<count {
            beats.append(now)
            now += lots.pick(weighted: [
                (lots.below(2000), 25), (lots.below(second), 25), (lots.below(8 * second), 20),
                (lots.below(2 * grace), 12), (grace + lots.below(second), 6), (idle / 10 + lots.below(second), 8),
                (lots.below(idle), 6), (idle + lots.below(second), 2),
            ])
        }
        return beats
    }

    private static func request(_ taste: Int, _ scenario: Scenario, _ lots: inout Lots) -> Act.Kind {
        if lots.happens(15) { return .edge }
        let deeds: [(Deed, Int)] =
            switch taste {
            // One counts, one signs in and out, and one does everything.
            case 0: [(.count, 50), (.set, 15), (.look, 15), (.peek, 5), (.renew, 5), (.signIn, 8), (.signOut, 2)]
            case 1:
                [
                    (.signIn, 25), (.signOut, 9), (.removeUser, 5), (.removeAll, 5), (.count, 20), (.look, 16),
                    (.reauthenticate, 8), (.revokeOthers, 5), (.signOutAndBegin, 4),
                ]
            default: Deed.allCases.map { ($0, 5) } + [(.count, 15), (.look, 10)]
            }
        return .request(lots.pick(weighted: deeds))
    }

    private static func others(_ scenario: Scenario, beats: [Int], _ lots: inout Lots) -> [Act] {
        var acts: [Act] = []
        func add(_ hand: Hand, _ kind: Act.Kind, _ lots: inout Lots) {
            let at = lots.pick(beats) + lots.pick([0, lots.below(3000), lots.below(2_000_000)])
            acts.append(Act(at: at, hand: hand, kind: kind, seed: lots.number()))
        }
        if lots.happens(600) {
            for _ in 0..<lots.number(in: 1...4) { add(.thief, .copyCookie(of: nil), &lots) }
            for _ in 0..<lots.number(in: 1...6) {
                add(.thief, .useCopy(lots.pick([.look, .peek, .count, .renew, .set]), of: nil), &lots)
            }
            if lots.happens(300) { add(.thief, .forge, &lots) }
        }
        if lots.happens(500) {
            for _ in 0..<lots.number(in: 1...3) { add(.administrator, lots.pick([.revokeAll, .list]), &lots) }
        }
        for _ in 0..<scenario.faults.crashes { add(.chance, .crash, &lots) }
        if scenario.faults.store > 0, lots.happens(400) { add(.chance, .outage, &lots) }
        if scenario.faults.store > 0, lots.happens(200) { add(.chance, .full, &lots) }
        if scenario.isOnTheWay || lots.happens(400) {
            for _ in 0..<lots.number(in: 2...10) { add(.operators, .step, &lots) }
        }
        return acts
    }
}
