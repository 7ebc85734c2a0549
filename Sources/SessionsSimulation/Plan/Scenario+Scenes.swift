// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// Short plays of one visitor whose parts chance alone seldom brings together. Their moments are still drawn by lot.
extension Scenario {
    /// Adds a play that the site has a place for; its visitor does nothing else.
    static func staging(_ acts: [Act], in scenario: Scenario, begin: Int, _ lots: inout Lots) -> [Act] {
        var scene = Scene(in: scenario, begin: begin)
        switch scenario.kind {
        case .stored, .migrating: scene.playPollingMeetsUse(&lots)
        case .sealed where !scenario.canRevoke: return acts
        case .sealed: scene.playSignOutMeetsRevocation(&lots)
        case .moving where lots.happens(700): scene.playCopyFromBeforeTheMove(&lots)
        case .moving: scene.playSignOutMeetsRevocation(&lots)
        }
        return scene.staged(among: acts)
    }

    /// Adds a play for cookies without an id: all sessions of a user end when the site has come to the store.
    static func endingAfterTheMove(_ acts: [Act], in scenario: Scenario, _ lots: inout Lots) -> [Act] {
        var scene = Scene(in: scenario, begin: 1000)
        scene.playRevocationAfterTheMove(&lots)
        return scene.staged(among: acts).sorted { $0.at < $1.at }
    }
}

extension Scene {
    /// A request that is no use renews the secret while another is a use, and then nothing comes for nearly an idle
    /// timeout.
    fileprivate mutating func playPollingMeetsUse(_ lots: inout Lots) {
        self.send(.count, after: 0, &lots)
        let meeting = lots.number(in: self.idle * 3 / 10...self.idle * 7 / 10)
        self.send(.peek, after: meeting + lots.below(500), &lots)
        self.send(.look, from: 1, after: meeting + lots.below(500), &lots)
        self.send(.look, after: meeting + self.idle * 3 / 4, &lots)
    }

    /// The visitor signs out in one tab while the other ends all other sessions.
    fileprivate mutating func playSignOutMeetsRevocation(_ lots: inout Lots) {
        self.send(.signIn, after: 0, &lots)
        let meeting = 2 * Self.second
        self.send(.revokeOthers, after: meeting, &lots)
        self.send(lots.pick([.signOut, .removeAll]), from: 1, after: meeting + lots.below(Self.second), &lots)
        self.send(.look, after: meeting + 5 * Self.second, &lots)
    }

    /// After so long a site has gone through two rolling restarts. A copy of a cookie outlasts them only where sessions
    /// last that long.
    private static var restarts: Int { 150 * self.second }

    /// A thief has a copy from before the sessions move into a store, and the administrator ends all sessions of the
    /// user. The thief comes before other processes know of it, and afterwards.
    fileprivate mutating func playRevocationAfterTheMove(_ lots: inout Lots) {
        let restarts = Self.restarts
        guard self.idle > 2 * restarts else { return }
        self.send(.signIn, after: 0, &lots)
        self.add(.thief, .copyCookie(of: self.visitor), after: 2 * Self.second, &lots)
        for number in 1...2 { self.add(.operators, .move, after: (2 + number) * Self.second, &lots) }
        if lots.happens(500) { self.send(.count, after: restarts, &lots) }
        for number in 1...4 {
            self.add(.administrator, .revokeAll, after: restarts + number * Self.second, &lots)
        }
        for _ in 0..<2 {
            let time = restarts + lots.below(8 * Self.second)
            self.add(.thief, .useCopy(.look, of: self.visitor), after: time, &lots)
        }
        for _ in 0..<3 {
            let time = restarts + 25 * Self.second + self.staleness + lots.below(self.idle / 4)
            self.add(.thief, .useCopy(lots.pick([.look, .count]), of: self.visitor), after: time, &lots)
        }
    }

    /// A thief has a copy from before the sessions move into a store; the session moves, and is renewed there.
    fileprivate mutating func playCopyFromBeforeTheMove(_ lots: inout Lots) {
        let restarts = Self.restarts
        guard self.idle > 2 * restarts else { return }
        self.send(.signIn, after: 0, &lots)
        self.add(.thief, .copyCookie(of: self.visitor), after: 2 * Self.second, &lots)
        for number in 1...2 { self.add(.operators, .move, after: (2 + number) * Self.second, &lots) }
        self.send(.count, after: restarts, &lots)
        self.send(lots.pick([.renew, .signIn]), after: restarts + lots.below(20) * Self.second, &lots)
        for _ in 0..<3 {
            let time = restarts + 25 * Self.second + self.staleness + lots.below(self.idle / 4)
            self.add(.thief, .useCopy(lots.pick([.look, .count]), of: self.visitor), after: time, &lots)
        }
    }
}
