// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import SessionsSimulationKit

/// "No update is lost. Concurrent requests of one visitor are merged: changes to different keys are both kept, and a
/// closure given to `update` runs again on what the other request wrote." (README) It holds where sessions are in a
/// store; in cookies the last answer wins.
extension Chronicle {
    func checkUpdates(_ attempt: Attempt, _ sight: Sight) {
        guard self.isStored, let line = attempt.seen?.line else { return }
        let before = attempt.beganAt - self.lag
        for (key, counter) in line.counters.sorted(by: { $0.key < $1.key }) {
            let value = sight.counters[key] ?? 0
            let least = counter.answered.count { $0 < before }
            self.check(
                .noUpdateLost, value >= least,
                "Request \(attempt.number) finds \(value) in \(key); \(least) requests that had added one were answered."
            )
            let most = line.most(key)
            self.check(
                .countersExact, value <= most,
                "Request \(attempt.number) finds \(value) in \(key); only \(most) requests can have added one.")
        }
        for entry in line.entries where entry.at < before {
            self.check(
                .noUpdateLost, sight.keys.contains(entry.key),
                "Request \(attempt.number) does not find \(entry.key), which a request that was answered had set.")
        }
    }

    /// What the request has counted and set is there, or not.
    func settleUpdates(_ attempt: Attempt, isKept: Bool, _ isDeletion: Bool) {
        guard let line = (attempt.next ?? attempt.seen)?.line, !attempt.metFailover,
            !self.mayBeOverwritten(line, by: attempt)
        else { return }
        for key in attempt.counted {
            if isKept, !isDeletion {
                line.counters[key]?.answered.append(self.schedule.now)
            } else if !isKept, !isDeletion {
                // What was dropped must not be found later.
                line.counters[key]?.possible -= 1
            }
        }
        if isKept, !isDeletion { line.entries += attempt.entered.map { ($0, self.schedule.now) } }
    }

    /// A change may be dropped only where the session has ended, or has got another secret that was asked for.
    func checkDrop(_ attempt: Attempt) {
        self.tally.saw(.droppedWrite)
        // A replica that lags behind may show no record where there is one.
        guard let seen = attempt.seen, self.lag == 0 else { return }
        // A record remembers one secret before its own: two periodic renewals leave a request behind that outlasts
        // both; where clocks differ, they may follow each other that much sooner.
        let interval = self.scenario.renewalInterval.map {
            Int($0.components.seconds) * 1_000_000 - self.scenario.skew * 1000
        }
        let isOld = attempt.presented?.secret.superseded.map { $0.lowerBound < attempt.arrival } ?? false
        guard self.schedule.now - attempt.beganAt < interval ?? .max, !isOld else { return }
        let isExplained = seen.mayHaveEnded || seen.line.isUncertain || seen.line.isInDanger(besides: attempt)
        self.check(
            .droppedForAReason, isExplained || self.hasExpired(seen, attempt),
            "The changes of request \(attempt.number) to session \(seen.number) were dropped, and it had not ended.")
    }

    /// A change must be dropped where the session had another secret when the commit began, by a sign-in or `renew()`.
    func checkLateWrite(_ attempt: Attempt) {
        guard self.isStored, self.lag == 0, let seen = attempt.seen, let end = seen.end, end.cause == .renewed,
            !attempt.endsSession, end.at < attempt.commitsAt ?? 0, attempt.presented?.generation === seen
        else { return }
        self.check(
            .lateWritesDropped,
            attempt.hasDropped || !attempt.hasChanges,
            "Request \(attempt.number) has changed session \(seen.number) with a secret from before its renewal.")
    }

    /// A cookie may have brought two sessions into the store, of which each has been used at times of its own.
    private func hasExpired(_ generation: Generation, _ attempt: Attempt) -> Bool {
        let known = self.isStored ? nil : attempt.presented?.used
        return self.isPast((known ?? generation.line.used).lowerBound, self.idle(of: generation.line))
            || self.isPast(self.began(of: generation).lowerBound, self.absolute(of: generation.line))
    }

    /// Whether by any clock so much time may have passed.
    private func isPast(_ clock: Int, _ time: Int?) -> Bool {
        guard let time else { return false }
        // A cookie knows whole seconds.
        return self.latestClock + (self.isStored ? 0 : 2000) >= clock + time
    }
}
