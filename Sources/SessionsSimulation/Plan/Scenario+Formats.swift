// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// Sites whose cookies change from one format to another (`accepting` of `.cookies`).
extension Scenario {
    /// Half of the sites whose cookies have no id change to sealed ones, or to the other format without an id.
    mutating func changeFormat(_ lots: inout Lots) {
        guard self.kind == .sealed, !self.canRevoke, lots.happens(500) else { return }
        self.newFormat = lots.pick([.sealed, .sealed, self.format == .flask ? .signed : .flask])
        for _ in 0..<lots.number(in: 2...4) {
            let at = lots.pick(self.acts).at + lots.below(3_000_000)
            self.acts.append(Act(at: at, hand: .operators, kind: .move, seed: lots.number()))
        }
        self.acts.sort { $0.at < $1.at }
    }
}
