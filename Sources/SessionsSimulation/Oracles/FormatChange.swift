// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// "Every response to a request with a Flask cookie then sends a sealed one in its place, and no visitor is signed out."
/// (SHARING)
extension Chronicle {
    /// Sealed cookies have no dot. (FORMATS)
    nonisolated static func isSealed(_ cookie: String) -> Bool { !cookie.utf8.contains(UInt8(ascii: ".")) }

    /// What format an answer's cookie has. The two formats without an id cannot be told from each other here.
    func checkFormat(_ attempt: Attempt, _ cookie: String?) {
        guard self.scenario.newFormat == .sealed, let process = attempt.process else { return }
        if let cookie {
            self.check(
                .formatChanges, Self.isSealed(cookie) == process.writesNewFormat,
                "Request \(attempt.number) gets a cookie in the format that is not the one of its process.")
        }
        guard process.writesNewFormat, let presented = attempt.presented, !presented.isSealed,
            attempt.seen === presented.generation,
            !attempt.hasDropped, !attempt.deed.ends, !attempt.wasDoubtful || !self.scenario.hasNewList
        else { return }
        self.tally.saw(.formatChanged)
        self.check(
            .formatChanges, cookie != nil,
            "Request \(attempt.number) brings a cookie of the old format, and gets none of the new one.")
    }

    /// A process that still writes the old format has read the new one.
    func noteFormat(_ attempt: Attempt) {
        guard self.scenario.newFormat == .sealed, let presented = attempt.presented, presented.isSealed,
            attempt.seen === presented.generation, attempt.process?.writesNewFormat == false
        else { return }
        self.tally.saw(.newFormatRead)
    }
}
