// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// A cookie from before a renewal: within the grace period it ends nothing, and later it ends the session.
extension Chronicle {
    /// When another secret took the place of the one in a cookie; nil when none has.
    private func replacement(of issue: Issue) -> ClosedRange<Int>? {
        guard self.isStored || issue.isTicket else { return issue.generation.renewed }
        return issue.secret.superseded ?? (self.isStored ? nil : issue.generation.renewed)
    }

    /// Whether a request may come so late with an old cookie that its session ends.
    func mayBeReplay(_ attempt: Attempt) -> Bool {
        // Without an id nothing tells that a cookie is an old one.
        guard let presented = attempt.presented, self.hasID(presented) else { return false }
        if let replaced = self.replacement(of: presented) {
            return attempt.arrival > replaced.lowerBound + self.grace - self.scenario.skew
        }
        let line = presented.generation.line
        let latest = attempt.beganAt - (self.grace - self.scenario.skew) * 1000
        // A renewal that has not been answered may lie as far back as its commit began, or as the cookie.
        let isRenewing = line.underWay.contains { other in
            other !== attempt && (other.deed.renews || self.scenario.renewalInterval != nil)
                && other.commitsAt.map { $0 < latest } ?? false
        }
        return isRenewing || ((line.isUncertain || presented.generation.mayHaveEnded) && presented.at < latest)
    }

    /// The same when it has been opened. A sign-in over the limit that was under way when it came may have been taken back
    /// since.
    private func wasReplay(_ attempt: Attempt) -> Bool { attempt.mayBeReplay || self.mayBeReplay(attempt) }

    /// An old cookie has come, and what it does is not known.
    func noteOldCookie(_ attempt: Attempt) {
        guard self.wasReplay(attempt), let line = attempt.presented?.generation.line else { return }
        self.doubt(line)
    }

    /// Whether the session has ended is not known any more.
    func doubt(_ line: Line) {
        for generation in self.generations where generation.line === line { generation.mayHaveEnded = true }
        for heir in line.heirs { self.doubt(heir) }
    }

    /// What a request that has been opened with an old cookie does to its session.
    func noteReplay(_ attempt: Attempt, hadFault: Bool) {
        self.checkGrace(attempt)
        guard let presented = attempt.presented, attempt.seen == nil, self.wasReplay(attempt) else {
            if self.scenario.kind == .moving { self.noteOldCookie(attempt) }
            return
        }
        let line = presented.generation.line
        let wasLive = self.generations.filter { $0.line === line && $0.isAnswered && !$0.mayHaveEnded }
        self.noteOldCookie(attempt)
        // A store remembers the secret before the last renewal, and no older one.
        guard self.isStored, let replaced = self.replacement(of: presented), line.latest?.previous === presented.secret,
            attempt.arrival > replaced.upperBound + self.grace, !line.isUncertain, line.isAlone(attempt), !hadFault,
            self.lag == 0, attempt.process?.keys.accepts(presented.key) ?? false, !wasLive.isEmpty, line.heirs.isEmpty,
            // A session that has expired by the clock of this process is none to it, and stays for one whose clock is
            // behind.
            attempt.process?.clock ?? .max < attempt.earliestEnd
        else { return }
        self.tally.saw(.replayEndsSession)
        for generation in wasLive {
            generation.end(
                .init(
                    at: self.schedule.now, cause: .replayed, process: attempt.process?.number ?? -1,
                    incarnation: attempt.incarnation))
        }
    }

    private func checkGrace(_ attempt: Attempt) {
        guard self.isStored, self.lag == 0, attempt.seen != nil, let replaced = attempt.presented?.secret.superseded
        else {
            return
        }
        self.tally.saw(.graceUsed)
        self.check(
            .graceIsOver, attempt.arrival < replaced.upperBound + self.grace,
            "Request \(attempt.number) opens its session with a secret whose grace period is over.")
    }
}
