// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// No visitor loses a session that nothing has ended: not by a renewal, by other keys, by a crash, by a move from one
/// place to another, and not by a store that answers late or not at all.
extension Chronicle {
    func checkThatItLives(_ attempt: Attempt) {
        guard let presented = attempt.presented else { return }
        guard self.hasID(presented) else {
            return self.checkThatItStaysValid(presented, attempt)
        }
        guard self.mustLive(presented, attempt) else { return }
        let isFound = attempt.seen?.line === presented.generation.line
        let promise = presented.secret.superseded != nil && self.isStored ? Promise.graceKeeps : .visitorStaysSignedIn
        self.check(
            promise, isFound,
            """
            Request \(attempt.number) brings a cookie of session \(presented.generation.number), which nothing has ended, \
            and finds \(attempt.seen.map { "session \($0.number)" } ?? "none").
            """)
    }

    /// Whether a cookie must open its session.
    private func mustLive(_ issue: Issue, _ attempt: Attempt) -> Bool {
        let generation = issue.generation
        let line = generation.line
        guard generation.isAnswered, !generation.mayHaveEnded, !line.isUncertain,
            attempt.beganAt > line.takenBackAt + self.lag,
            !line.isInDanger(besides: attempt), self.accepts(issue, attempt)
        else { return false }
        // A replica may not know it yet, nor its last use.
        if self.lag > 0 {
            guard issue.at < attempt.beganAt - self.lag, line.latest === issue.secret, line.isAlone(attempt),
                self.latestClock < line.began.lowerBound + min(self.idle(of: line), self.absolute(of: line) ?? .max)
            else { return false }
        }
        guard !self.isStored else { return self.mustLiveInStore(issue, line, attempt) }
        return self.mustLiveInCookie(issue) && self.isGoodWhileMoving(issue, line, attempt)
    }

    func accepts(_ issue: Issue, _ attempt: Attempt) -> Bool {
        guard let keys = attempt.process?.keys, issue.key >= 0 else { return false }
        // A request that is under way while the operator goes on by two phases knows no key that contents have since.
        let isTooOld = issue.generation.line.attempts.contains {
            $0.commitsAt != nil && $0.keyAtCommit > attempt.newestKey
        }
        if isTooOld { return false }
        return keys.accepts(issue.key) || !self.mayHaveMissedAnotherKey(issue, attempt)
    }

    /// Whether a visitor may still have a cookie under a key that has been retired, although the session lives.
    ///
    /// "A session that is only used is sent again at the latest a tenth of the idle timeout after its record was last
    /// written" (KEYS), to the browser whose request is written then. A thief's request, or one whose answer was lost,
    /// keeps the session for longer than its visitor's cookie. Where each write's answer came to this browser, the last
    /// of them has brought it another cookie than this, or the session has ended.
    private func mayHaveMissedAnotherKey(_ issue: Issue, _ attempt: Attempt) -> Bool {
        guard self.lag == 0, !attempt.isThief else { return true }
        let sentAt = attempt.sentAt ?? attempt.beganAt
        return issue.generation.line.attempts.contains { other in
            let isHeard = !other.isThief && other.heardAt ?? .max <= sentAt && other.settledAt < .max
            let hasThisCookie = other.presented === issue || other.answer === issue
            return other !== attempt && other.settledAt >= issue.signedAt && !(isHeard && hasThisCookie)
        }
    }

    private func mustLiveInStore(_ issue: Issue, _ line: Line, _ attempt: Attempt) -> Bool {
        self.latestClock < attempt.earliestEnd && self.isSecretGood(issue, line, attempt)
    }

    /// Whether periodic renewals in the store leave a cookie good; one that has not moved goes with the first of them.
    private func isGoodWhileMoving(_ issue: Issue, _ line: Line, _ attempt: Attempt) -> Bool {
        guard self.scenario.kind == .moving, self.scenario.renewalInterval != nil else { return true }
        return line.records.isEmpty || (issue.isTicket && self.isSecretGood(issue, line, attempt))
    }

    private func isSecretGood(_ issue: Issue, _ line: Line, _ attempt: Attempt) -> Bool {
        guard line.latest !== issue.secret else { return self.isRenewalHarmless(line, attempt) }
        // The secret before is good for the grace period after a periodic renewal.
        return line.latest?.previous === issue.secret && issue.generation.renewed == nil && line.isAlone(attempt)
            && attempt.arrival < (issue.secret.superseded?.lowerBound ?? 0) + self.grace
    }

    /// Whether what other requests may be renewing leaves this request its secret.
    private func isRenewalHarmless(_ line: Line, _ attempt: Attempt) -> Bool {
        guard self.scenario.renewalInterval != nil else { return true }
        return line.underWay.allSatisfy { other in
            other === attempt || (other.commitsAt ?? self.schedule.now) > attempt.beganAt - self.grace * 500
        }
    }

    func mustLiveInCookie(_ issue: Issue) -> Bool {
        // Seconds are cut, where it was signed and where it comes.
        let clock = self.latestClock + 2000
        return clock < issue.used.lowerBound + self.idle && clock < self.latestEnd(of: issue.generation)
    }
}
