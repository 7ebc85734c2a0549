// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// "Cookies of `.flask` and `.signed` have no id: a single one cannot be revoked, and a copy of it stays valid until it
/// expires, as before the move." (MIGRATING)
extension Chronicle {
    /// Whether a cookie has an id that can be revoked.
    func hasID(_ issue: Issue) -> Bool {
        self.scenario.canRevoke || issue.isTicket || (self.scenario.hasNewList && issue.isSealed)
    }

    // MARK: - They stay valid

    /// Whatever became of the session elsewhere, the cookie opens it as it holds it.
    func checkThatItStaysValid(_ issue: Issue, _ attempt: Attempt) {
        let generation = issue.generation
        guard self.accepts(issue, attempt), self.mustLiveInCookie(issue),
            !self.sweeps.contains(where: { $0.user == generation.user })
        else { return }
        self.check(
            generation.mayHaveEnded ? .oldCookieStaysValid : .visitorStaysSignedIn, attempt.seen === generation,
            """
            Request \(attempt.number) brings a cookie of session \(generation.number) that is valid, and finds \
            \(attempt.seen.map { "session \($0.number)" } ?? "none").
            """)
    }

    // MARK: - What ends

    /// What has ended is the session in the store, in every process at once; or all sessions of the user, "also those
    /// that have not moved yet" (MIGRATING).
    func checkEndsWithoutID(_ attempt: Attempt) {
        guard self.scenario.comesToList, let presented = attempt.presented else { return }
        if let ended = presented.secret.ended, self.mustKnow(ended, attempt, presented) {
            self.check(
                self.promise(of: ended.cause), attempt.seen == nil,
                "Request \(attempt.number) opens a session with a cookie that has ended (\(ended.cause)).")
        }
        guard self.sweeps.contains(where: { self.isKnown($0, to: attempt, presented) && self.reaches($0, presented) })
        else { return }
        if !presented.isTicket, attempt.seen == nil { self.tally.saw(.oldCookieRevoked) }
        self.check(
            presented.isTicket ? .revokedEverywhere : .withinStaleness, attempt.seen == nil,
            "Request \(attempt.number) opens session \(presented.generation.number), of whose user all have ended.")
    }

    /// What has ended in the store is known in every process at once; of a sealed cookie the list tells, to processes that
    /// write such cookies.
    private func mustKnow(_ ended: Generation.End, _ attempt: Attempt, _ issue: Issue) -> Bool {
        guard !issue.isTicket else { return attempt.beganAt > ended.at }
        guard ended.isOnNewList, issue.isSealed, let process = attempt.process, process.writesNewFormat else {
            return false
        }
        let isHere = process.number == ended.process && attempt.incarnation == ended.incarnation
        self.tally.saw(.newListAsked)
        return attempt.beganAt > ended.at + (isHere ? 0 : self.staleness + 1000 + self.lag)
    }

    /// Whether a call that ended all sessions of a user has ended what a cookie holds, or leads to.
    ///
    /// A cookie that was set since then leads to a session that has ended too, if that has come of one which the call
    /// reaches, and its user has not signed in to it.
    private func reaches(_ sweep: Sweep, _ issue: Issue) -> Bool {
        guard let endedAt = sweep.endedAt, !sweep.isLost, issue.generation.user == sweep.user,
            !self.mayBeAnothers(issue.generation)
        else { return false }
        guard issue.at < sweep.beganAt else {
            guard let origin = issue.origin, issue.generation === origin.generation || !issue.generation.isProof
            else { return false }
            return self.reaches(sweep, origin)
        }
        guard issue.isTicket else {
            // It tells the second at which it was signed, by the clock of another process perhaps.
            return self.latestClock(at: issue.at) < sweep.clock
        }
        // By the clock of the process that ends them all, a session may have expired; by another it has not yet.
        let end = min(issue.used.lowerBound + self.idle, self.latestEnd(of: issue.generation)) - 2000
        return issue.secret !== sweep.kept && (self.scenario.skew == 0 || self.latestClock(at: endedAt) < end)
    }

    /// Whether the process of a request must know that all sessions of a user have ended: those in the store are gone,
    /// and of the others the list tells.
    private func isKnown(_ sweep: Sweep, to attempt: Attempt, _ issue: Issue) -> Bool {
        guard let endedAt = sweep.endedAt else { return false }
        let isHere = attempt.process?.number == sweep.process && attempt.incarnation == sweep.incarnation
        return attempt.beganAt > endedAt + (issue.isTicket || isHere ? 0 : self.staleness + 1000 + self.lag)
    }
}
