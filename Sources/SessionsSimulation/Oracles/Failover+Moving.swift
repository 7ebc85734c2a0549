// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// A failover on the way from cookies into a store: of the store that the sessions move to, or of the one with the list
/// of revocations, which tells the processes which cookies have moved.
///
/// "Of a shared list of revocations the last entries are lost." (SCALING) What happened to a session since the replica
/// heard its last may be undone, wholly or in part; sessions to which nothing happened are held to every promise.
extension Chronicle {
    func loseMoves(losing ids: Set<String>) {
        guard !ids.isEmpty else { return }
        let cut = self.failover.cutAt
        for sweep in self.sweeps where sweep.endedAt ?? .max >= cut { sweep.isLost = true }
        for (line, generations) in self.lines {
            let recent = line.attempts + line.underWay
            guard !line.records.isDisjoint(with: ids) || recent.contains(where: { $0.mayWriteUntil >= cut }) else {
                continue
            }
            self.loseMove(of: line, generations)
        }
    }

    private func loseMove(of line: Line, _ generations: [Generation]) {
        let cut = self.failover.cutAt
        line.lostAt = self.schedule.now
        line.requestCount += 1
        self.noteTwice(line)
        for generation in generations where generation.end?.at ?? -1 >= cut {
            generation.end = nil
            generation.isBack = true
        }
        for issue in self.issues.values where issue.generation.line === line {
            if issue.isTicket { issue.contents = nil }
            if issue.secret.ended?.at ?? -1 >= cut { issue.secret.ended = nil }
        }
        for attempt in line.attempts + line.underWay where attempt.mayWriteUntil >= self.schedule.now {
            attempt.metFailover = true
        }
    }
}
