// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// How clocks are set.
enum ClockChange: Sendable, Equatable, Codable {
    /// One to any of the times that clocks of the site show.
    case anywhere
    /// All to the clock that is furthest ahead.
    case allAhead
    /// All to the clock that is furthest behind.
    case allBack
    /// One to a wrong year, for so many microseconds.
    case astray(for: Int)
}

/// Clocks that are set while their processes run, ahead and back.
///
/// They stay within the bound in which the clocks of the site's processes differ anyway, a quarter of the grace period
/// at most; or one is wrong by years for less than an hour, and no requests go to its process meanwhile. What a clock
/// does to sessions beyond that, the documentation does not promise.
extension Scenario {
    static func settingClocks(_ acts: [Act], in scenario: Scenario, _ lots: inout Lots) -> [Act] {
        guard !acts.isEmpty else { return acts }
        var all = acts
        func add(_ change: ClockChange, _ lots: inout Lots) {
            let at = lots.pick(acts).at + lots.pick([0, lots.below(2000), lots.below(5_000_000)])
            all.append(Act(at: at, hand: .timeServer, kind: .setClock(change), seed: lots.number()))
        }
        if scenario.skew > 0, lots.happens(500) {
            for _ in 0..<lots.number(in: 1...5) { add(.anywhere, &lots) }
        }
        // Once in a run: a clock that is wrong for an hour in all, with no round of the purge in between, is believed.
        switch lots.below(100) {
        case ..<15:
            let round = Int(scenario.idle.components.seconds) * 400_000
            add(.astray(for: min(round + lots.below(3 * round), 3_000_000_000)), &lots)
        case ..<32: all = Self.playingWithClocks(all, in: scenario, begin: lots.pick(acts).at, &lots)
        default: break
        }
        return all.sorted { $0.at < $1.at }
    }

    /// A short play of one visitor, who does nothing else.
    private static func playingWithClocks(
        _ acts: [Act], in scenario: Scenario, begin: Int, _ lots: inout Lots
    ) -> [Act] {
        var play = Scene(in: scenario, begin: begin)
        switch scenario.kind {
        case .sealed where scenario.canRevoke && lots.happens(500): play.listMeetsWrongYear(&lots)
        case .sealed where scenario.canRevoke && scenario.skew > 0: play.outageMeetsClock(&lots)
        case .stored where scenario.skew >= 400: play.sessionMeetsClock(&lots)
        case .stored, .sealed, .moving, .migrating: return acts
        }
        return play.staged(among: acts)
    }
}

extension Scene {
    private var skew: Int { self.scenario.skew * 1000 }

    /// A visitor signs out, the list of revocations cannot be read from then on, and clocks are put back; then a thief
    /// comes with a copy of the cookie.
    fileprivate mutating func outageMeetsClock(_ lots: inout Lots) {
        let end = 4 * Self.second
        self.send(.signIn, after: 0, &lots)
        self.add(.timeServer, .setClock(.allAhead), after: Self.second, &lots)
        self.add(.thief, .copyCookie(of: self.visitor), after: 2 * Self.second, &lots)
        self.send(.signOut, after: end, &lots)
        self.add(.chance, .outage, after: end + lots.below(Self.second / 2), &lots)
        self.add(.timeServer, .setClock(.allBack), after: end + lots.below(self.staleness), &lots)
        for _ in 0..<4 {
            let late = self.staleness + lots.below(self.skew)
            self.add(.thief, .useCopy(.look, of: self.visitor), after: end + late, &lots)
        }
    }

    /// A visitor signs out while the clock of one process is wrong; as soon as it is right, a thief comes with a copy.
    fileprivate mutating func listMeetsWrongYear(_ lots: inout Lots) {
        let wrong = 3 * Self.second
        let time = min(2 * self.staleness + 4 * Self.second, 3000 * Self.second)
        self.send(.signIn, after: 0, &lots)
        self.add(.thief, .copyCookie(of: self.visitor), after: 2 * Self.second, &lots)
        self.add(.timeServer, .setClock(.astray(for: time)), after: wrong, &lots)
        self.send(.signOut, after: wrong + Self.second + lots.below(Self.second), &lots)
        for _ in 0..<4 {
            let late = wrong + time + lots.below(self.staleness / 4)
            self.add(.thief, .useCopy(.look, of: self.visitor), after: late, &lots)
        }
    }

    /// A visitor comes shortly before the session's end, and clocks were set ahead meanwhile; or shortly after, and
    /// they were put back.
    fileprivate mutating func sessionMeetsClock(_ lots: inout Lots) {
        let isAhead = lots.happens(500)
        let own = self.scenario.own(ofVisitor: self.visitor)?.idle ?? self.scenario.idle
        let idle = Int(own.components.seconds) * Self.second
        self.add(.timeServer, .setClock(isAhead ? .allBack : .allAhead), after: 0, &lots)
        self.send(.count, after: 2 * Self.second, &lots)
        self.add(.timeServer, .setClock(isAhead ? .allAhead : .allBack), after: 4 * Self.second, &lots)
        let late = 2 * Self.second + idle + (isAhead ? -self.skew / 2 : self.skew / 2)
        self.send(.look, after: late, &lots)
    }
}
