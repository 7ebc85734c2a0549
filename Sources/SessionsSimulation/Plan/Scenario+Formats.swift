// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// Sites whose cookies change from one format to another (`accepting` of `.cookies`).
extension Scenario {
    /// Half of the sites whose cookies have no id change to sealed ones, with a list of revocations or without, or to the
    /// other format without an id.
    mutating func changeFormat(_ lots: inout Lots) {
        guard self.kind == .sealed, !self.canRevoke, lots.happens(500) else { return }
        self.newFormat = lots.pick([.sealed, .sealed, self.format == .flask ? .signed : .flask])
        for _ in 0..<lots.number(in: 2...4) {
            let at = lots.pick(self.acts).at + lots.below(3_000_000)
            self.acts.append(Act(at: at, hand: .operators, kind: .move, seed: lots.number()))
        }
        if self.newFormat == .sealed, lots.happens(600) {
            self.newList = true
            if lots.happens(400) { self.acts = Self.endingAfterTheChange(self.acts, in: self, &lots) }
        }
        self.acts.sort { $0.at < $1.at }
    }

    private static func endingAfterTheChange(_ acts: [Act], in scenario: Scenario, _ lots: inout Lots) -> [Act] {
        if lots.happens(500) { return Self.endingAfterTheMove(acts, in: scenario, &lots) }
        var scene = Scene(in: scenario, begin: 1000)
        scene.playSignOutAfterTheChange(&lots)
        return scene.staged(among: acts)
    }
}

extension Scene {
    /// A thief copies a cookie when all servers write sealed ones, its visitor signs out or in again, and the thief
    /// comes.
    fileprivate mutating func playSignOutAfterTheChange(_ lots: inout Lots) {
        let restarts = 150 * Self.second
        guard self.idle > 2 * restarts else { return }
        self.send(.signIn, after: 0, &lots)
        for number in 1...2 { self.add(.operators, .move, after: number * Self.second, &lots) }
        self.send(.count, after: restarts, &lots)
        self.add(.thief, .copyCookie(of: self.visitor), after: restarts + 2 * Self.second, &lots)
        self.send(lots.pick([.signOut, .removeAll, .signIn, .renew]), after: restarts + 3 * Self.second, &lots)
        for _ in 0..<3 {
            let time = restarts + 4 * Self.second + lots.pick([0, self.staleness]) + lots.below(4 * Self.second)
            self.add(.thief, .useCopy(lots.pick([.look, .count]), of: self.visitor), after: time, &lots)
        }
    }
}
