// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// "The server enforces both timeouts, to the millisecond." (STORES) A sealed cookie knows whole seconds.
extension Chronicle {
    func checkTimes(_ attempt: Attempt) {
        if let edge = attempt.edge { self.checkEdge(attempt, edge) }
        guard let seen = attempt.seen else { return }
        self.isStored ? self.checkRecord(attempt, seen.line) : self.checkCookie(attempt, seen)
    }

    private func checkEdge(_ attempt: Attempt, _ edge: Edge) {
        // What a replica says may be older, or the store may be out of reach.
        guard self.lag == 0 else { return }
        switch edge {
        case .before:
            guard let presented = attempt.presented, !presented.generation.mayHaveEnded,
                !presented.generation.line.isUncertain, presented.generation.line.latest === presented.secret,
                self.accepts(presented, attempt), attempt.process?.clock == self.latestClock
            else { return }
            self.check(
                .neverShorter, attempt.seen != nil,
                "Request \(attempt.number) comes in the last millisecond of its session, and finds none.")
        case .at:
            self.tally.saw(.endedToTheMillisecond)
            self.check(
                .neverLonger, attempt.seen == nil,
                "Request \(attempt.number) comes in the millisecond at which its session ends, and finds it.")
        }
    }

    /// Whether a session has ended, or is there, only because the clock of the process was set.
    func noteClockChange(_ attempt: Attempt) {
        guard self.isStored, let presented = attempt.presented, let change = attempt.process?.clockChange
        else { return }
        let line = presented.generation.line
        let clockBefore = attempt.arrival - change
        if change < 0, attempt.seen?.line === line {
            let end = line.used.upperBound + self.idle(of: line)
            if (attempt.arrival..<clockBefore).contains(end) { self.tally.saw(.keptByClock) }
        } else if change > 0, attempt.seen == nil, !presented.generation.mayHaveEnded, !line.isUncertain {
            if (clockBefore + 1...attempt.arrival).contains(attempt.earliestEnd) { self.tally.saw(.endedByClock) }
        }
    }

    private func checkRecord(_ attempt: Attempt, _ line: Line) {
        guard line.isAlone(attempt) else { return }
        self.check(
            .neverLonger, attempt.arrival < line.used.upperBound + self.idle(of: line),
            "Request \(attempt.number) finds a session that has not been used for its idle timeout.")
        guard let absolute = self.absolute(of: line) else { return }
        self.check(
            .neverLonger, attempt.arrival < line.began.upperBound + absolute,
            "Request \(attempt.number) finds a session that is older than its absolute timeout.")
    }

    private func checkCookie(_ attempt: Attempt, _ seen: Generation) {
        guard let presented = attempt.presented else { return }
        guard self.scenario.canRevoke else { return self.checkWithoutID(attempt, seen, presented) }
        // A session that has moved into a store is used there.
        guard self.scenario.kind == .sealed else { return }
        self.check(
            .neverLonger, attempt.arrival < presented.used.upperBound + self.idle + 2000,
            "Request \(attempt.number) finds a session whose cookie is older than its idle timeout.")
        guard let absolute = self.absolute, seen.line.isAlone(attempt) else { return }
        self.check(
            .neverLonger, attempt.arrival < self.began(of: seen).upperBound + absolute + 2000,
            "Request \(attempt.number) finds a session that is older than its absolute timeout.")
    }

    private func checkWithoutID(_ attempt: Attempt, _ seen: Generation, _ presented: Issue) {
        presented.isTicket ? self.checkMoved(attempt, seen, presented) : self.checkSignature(attempt, presented)
    }

    /// A cookie without an id tells when it was signed, and no more.
    private func checkSignature(_ attempt: Attempt, _ presented: Issue) {
        self.check(
            .neverLonger, attempt.arrival < self.latestClock(at: presented.at) + self.idle + 2000,
            "Request \(attempt.number) finds a session whose cookie was signed longer ago than its idle timeout.")
    }

    /// "The beginning of a signed or sealed session is kept; a Flask cookie does not contain it, so that its session
    /// counts from the move." (MIGRATING)
    private func checkMoved(_ attempt: Attempt, _ seen: Generation, _ presented: Issue) {
        guard seen.line.isAlone(attempt) else { return }
        self.check(
            .neverLonger, attempt.arrival < seen.line.used.upperBound + self.idle,
            "Request \(attempt.number) finds a session in the store that has not been used for its idle timeout.")
        guard let absolute = self.absolute else { return }
        let moved = self.scenario.format == .flask ? presented.recordBegan ?? 0 : 0
        self.check(
            .neverLonger, attempt.arrival < max(self.began(of: seen).upperBound, moved) + absolute,
            "Request \(attempt.number) finds a session in the store that is older than its absolute timeout.")
    }
}
