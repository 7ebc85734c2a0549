// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSimulationKit

/// A call that ends all sessions of a user.
@Simulated
final class Sweep {
    let user: String
    let beganAt: Int
    /// What the process's clock showed.
    let clock: Int
    let targets: [Generation]
    /// The process that was called, and which of its lives.
    let process: Int
    let incarnation: Int
    /// What leads to the session in the store that asks, and goes on.
    let kept: Secret?
    /// When it returned; nil as long as it has not, or if it failed.
    var endedAt: Int?
    /// Whether a failover may have undone it.
    var isLost = false

    init(_ user: String, at now: Int, in process: any ObservedProcess, kept: Secret?, targets: [Generation]) {
        self.user = user
        self.beganAt = now
        self.clock = process.clock
        self.targets = targets
        self.process = process.number
        self.incarnation = process.incarnation
        self.kept = kept
    }
}

/// A look at a user's list of devices.
@Simulated
struct Question {
    let user: String
    let beganAt: Int
    let live: [Generation]
}

/// What holds for all sessions of a user: they can be ended, listed and limited.
extension Chronicle {
    // MARK: - Ending them

    /// - Parameter attempt: The request whose session asks, and goes on; nil for an administrator.
    func sweeps(_ user: String, by attempt: Attempt? = nil, in process: any ObservedProcess) -> Sweep {
        let kept = attempt?.seen?.line
        self.tell(
            "all sessions of \(user)\(kept == nil ? "" : " but one") are to be ended, by process \(process.number)")
        let targets = self.generations.filter { $0.user == user && $0.line !== kept && $0.isAnswered }
        // With sealed cookies also what another process has made of the one that asks.
        for generation in self.generations
        where generation.user == user && (generation.line !== kept || !self.isStored) {
            generation.mayHaveEnded = true
        }
        let ticket = attempt?.presented.flatMap { $0.isTicket ? $0.secret : nil }
        let sweep = Sweep(user, at: self.schedule.now, in: process, kept: ticket, targets: targets)
        self.sweeps.append(sweep)
        return sweep
    }

    /// "When `revokeAll` returns, every session that was signed in when it began has ended." (USERS)
    func swept(_ sweep: Sweep, in process: any ObservedProcess) {
        sweep.endedAt = self.schedule.now
        self.tally.saw(.sweep)
        self.tell("all sessions of \(sweep.user) have been ended")
        // An index that lags behind does not name the latest sessions.
        for generation in sweep.targets where generation.answeredAt < sweep.beganAt - self.lag {
            guard generation.line.lostAt ?? -1 < sweep.beganAt, !self.mayBeAnothers(generation) else { continue }
            // By the clock of the process that ends them all, this one may have expired; by another it has not yet.
            let line = generation.line
            let end = min(line.used.lowerBound + self.idle(of: line), self.latestEnd(of: generation))
            guard process.clock < end || self.scenario.skew == 0 else { continue }
            // By what a replica shows that does not know its last use, it may have expired.
            let written = self.lag == 0 ? process.clock : line.writtenAt(before: sweep.beganAt - self.lag)
            guard process.clock - self.idle(of: line) < written else { continue }
            // With sealed cookies the clocks of two processes decide; what began within their difference may go on.
            guard self.isStored || self.surelyBegan(generation, before: sweep) else { continue }
            generation.end(
                .init(
                    at: self.schedule.now, cause: .revoked, process: process.number,
                    incarnation: process.incarnation, isLost: sweep.beganAt < self.failover.at))
        }
    }

    /// Whether a failover may have left it in another store as it was before its user signed in: "end the sessions once
    /// more". (SCALING)
    func mayBeAnothers(_ generation: Generation) -> Bool {
        guard generation.line.mayBeTwice else { return false }
        return self.generations.contains { $0.line === generation.line && $0.user != generation.user }
    }

    /// Whether a session in a cookie began before a call that ends all of its user.
    ///
    /// One that began, or went on, after an earlier call counts as later than that call, by the clock of that call's
    /// process. Where that is ahead, "revoking all sessions of a user misses those that began in that process shortly
    /// before, within the difference", and those that began after the call. (REVOCATION)
    private func surelyBegan(_ generation: Generation, before sweep: Sweep) -> Bool {
        guard generation.provedAt < sweep.clock else { return false }
        return !self.sweeps.contains { other in
            let time = min(other.endedAt ?? .max, generation.answeredAt) - other.beganAt
            // Each call is a millisecond later than the one before.
            let latest = other.clock + time / 1000 + self.sweeps.count
            return other !== sweep && other.user == generation.user && other.beganAt < generation.answeredAt
                && latest >= sweep.clock
        }
    }

    /// A session that has signed in while all are ended may have ended or not.
    func noteSweeps(over generation: Generation, _ attempt: Attempt) {
        for sweep in self.sweeps where sweep.user == generation.user {
            let overlaps = sweep.endedAt ?? .max >= attempt.commitsAt ?? 0
            let made = min(attempt.commitClock, generation.provedAt)
            let isClose = !self.isStored && made <= sweep.clock + self.scenario.skew + 1000
            if overlaps || isClose { generation.mayHaveEnded = true }
        }
    }

    // MARK: - Listing them

    func asks(_ user: String) -> Question {
        Question(
            user: user, beganAt: self.schedule.now,
            live: self.generations.filter { $0.user == user && self.isSurelyLive($0) })
    }

    private func isSurelyLive(_ generation: Generation) -> Bool {
        let line = generation.line
        return generation.isAnswered && !generation.mayHaveEnded && generation.id != nil && !line.isUncertain
            && !line.isInDanger(besides: nil) && self.latestClock < line.used.lowerBound + self.idle(of: line)
            && self.latestClock < self.latestEnd(of: generation)
    }

    func isTold(_ ids: [String], to question: Question) {
        guard self.lag == 0 else { return }
        self.tally.saw(.listed)
        for generation in question.live
        where self.isSurelyLive(generation) && generation.line.lostAt ?? -1 < question.beganAt {
            self.check(
                .devicesListed, generation.id.map(ids.contains) ?? true,
                "Session \(generation.number) of \(question.user) is not in the list of sessions.")
        }
        for generation in self.generations where generation.user == question.user {
            // Where a user was taken out, the record may go on, and its user sign in again.
            guard let end = generation.end, end.cause != .renewed, end.at < question.beganAt, let id = generation.id,
                generation.line.heirs.isEmpty
            else { continue }
            self.check(
                .devicesListed, !ids.contains(id),
                "Session \(generation.number) of \(question.user) has ended, and is in the list of sessions.")
        }
    }

    // MARK: - Limiting them

    /// A sign-in over the limit ends another session of the user, or this one. Where the newest is refused, that is one
    /// of those that sign in at once: "Among concurrent sign-ins the time of the sign-in decides, and then the id."
    /// (USERS)
    func noteLimit(over generation: Generation) {
        guard let limit = self.scenario.limit, let most = self.scenario.mostSessions, let user = generation.user else {
            return
        }
        let others = self.generations.filter {
            $0.user == user && $0.line !== generation.line && $0.hasNotEnded
        }
        let recently = self.latestClock - 15_000 - self.scenario.skew
        let meet = others.filter { $0.provedAt > recently }
        if !meet.isEmpty { generation.mayHaveEnded = true }
        switch limit {
        case .endingOldest:
            guard Set(others.map { ObjectIdentifier($0.line) }).count >= most else { return }
            self.tally.saw(.limitEndsOldest)
            for other in others { other.mayHaveEnded = true }
        case .refusingNewest:
            for other in meet { other.mayHaveEnded = true }
        }
    }

    /// What is left of a user's sessions at the end.
    func isLeft(_ count: Int, of user: String) {
        let faults = self.scenario.faults
        // A sign-in that fails may leave one too many behind.
        guard let most = self.scenario.mostSessions, faults.store == 0, faults.hangUps == 0, faults.crashes == 0,
            self.lag == 0, self.failover.lost.isEmpty,
            // "A session that moves from its cookie is no sign-in" (USERS).
            self.scenario.kind != .moving
        else { return }
        self.check(.limitHolds, count <= most, "\(user) has \(count) sessions, and \(most) are allowed.")
    }
}
