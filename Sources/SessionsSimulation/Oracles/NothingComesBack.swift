// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// "Signing out wins. A session that has ended stays ended, whatever a request in flight still writes to it." (README)
/// And so do sessions that an administrator has ended, that a replay has ended, and cookies from before a renewal.
extension Chronicle {
    func checkEnds(_ attempt: Attempt) {
        guard self.scenario.canRevoke else { return self.checkEndsWithoutID(attempt) }
        if let seen = attempt.seen { self.checkEnd(of: seen, attempt, "finds session \(seen.number)") }
        guard let presented = attempt.presented?.generation, attempt.seen !== presented else { return }
        let text = "brings a cookie of session \(presented.number) and finds another session"
        if attempt.seen != nil { self.checkEnd(of: presented, attempt, text) }
        if attempt.seen == nil, let end = presented.end, self.isKnown(end, to: attempt) { self.noteEnd(end) }
    }

    private func checkEnd(of generation: Generation, _ attempt: Attempt, _ what: String) {
        let promise = self.promise(of: generation.end?.cause)
        guard let end = generation.end, self.isKnown(end, to: attempt), !self.isTwin(attempt, of: generation, end)
        else { return self.tally.checked(promise) }
        self.check(
            promise, false,
            "Request \(attempt.number) \(what), which has ended (\(end.cause)) \(self.seconds(since: end.at)) ago.")
    }

    /// "Two processes that renew one session within the staleness make two sessions of it, and signing out one leaves
    /// the other." (REVOCATION) On the way into a store the same holds for one that moves while another renews.
    private func isTwin(_ attempt: Attempt, of generation: Generation, _ end: Generation.End) -> Bool {
        guard self.scenario.kind == .moving, end.cause == .renewed, attempt.seen === generation,
            let presented = attempt.presented, presented.isTicket
        else { return false }
        return presented.at + self.staleness > end.at - 20_000_000
    }

    func promise(of cause: Generation.Cause?) -> Promise {
        switch cause {
        case nil, .signedOut?: .signOutWins
        case .renewed?: .renewalEndsCopies
        case .revoked?: self.isStored ? .revokedEverywhere : .withinStaleness
        case .replayed?: .replayEnds
        }
    }

    private func noteEnd(_ end: Generation.End) {
        self.tally.checked(self.promise(of: end.cause))
        self.tally.saw(.endedCookieRejected)
    }

    private func seconds(since time: Int) -> String { "\(Double(self.schedule.now - time) / 1_000_000) s" }

    /// Whether the process of a request must know that a session has ended, when the request comes.
    func isKnown(_ end: Generation.End, to attempt: Attempt) -> Bool {
        guard !self.isStored else { return attempt.beganAt > end.at + self.lag }
        // What came of a session in the moments that a failover has lost may be unknown; not what this cookie leads to.
        if let line = attempt.seen?.line, line.mayBeTwice, attempt.presented?.secret !== end.secret { return false }
        // What another process has made of one cookie a process learns within the staleness.
        let isSame = self.scenario.kind == .sealed || attempt.presented?.secret === end.secret
        if isSame, attempt.process?.number == end.process, attempt.incarnation == end.incarnation {
            return attempt.beganAt > end.at
        }
        guard !end.isLost else { return false }
        // Its clock shows whole milliseconds.
        return attempt.beganAt > end.at + self.staleness + 1000 + self.lag
    }
}
