// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSimulationKit

extension String {
    /// The bytes up to a sign, or all; characters would have to be found first.
    fileprivate func part(before sign: UInt8) -> String {
        String(self[..<(self.utf8.firstIndex(of: sign) ?? self.endIndex)])
    }
}

/// What an answer, or its absence, says of the session.
extension Chronicle {
    /// The request was answered.
    ///
    /// - Parameter hadFault: Whether a call to the store has failed meanwhile. A renewal that no code has asked for may
    ///   have been done then, and its cookie not sent: to note a use is no failure for an anonymous visitor.
    func committed(_ attempt: Attempt, _ setCookie: String?, _ log: RequestLog, hadFault: Bool) {
        if hadFault, self.scenario.renewalInterval != nil { attempt.seen?.line.isUncertain = true }
        self.leave(attempt)
        guard let process = attempt.process else { return }
        let pair = setCookie.map { $0.part(before: UInt8(ascii: ";")) }
        let isDeletion = pair?.hasSuffix("=") ?? false
        let cookie = isDeletion ? nil : pair
        let clock = process.clock
        self.schedule.note(UInt64(attempt.number) << 2 | (cookie == nil ? 0 : 1) | (isDeletion ? 2 : 0))
        self.tell(
            """
            request \(attempt.number) is answered\(cookie == nil ? "" : ", with a cookie")\
            \(isDeletion ? ", and its cookie deleted" : "")\(log.hasDropped ? "; its changes were dropped" : "")
            """)
        attempt.hasDropped = log.hasDropped
        if attempt.metFailover { self.tally.saw(.metFailover) }
        attempt.wasDoubtful = attempt.seen?.mayHaveEnded ?? false
        if log.contains("not kept") { self.tally.saw(.notKept) }
        // A replica that lags behind may show no record to end.
        let isLagging = log.hasDropped && self.lag > 0
        let mayStay = attempt.metFailover || self.mayStay(attempt, hadFault: hadFault)
        let hasEnded = attempt.endsSession && !isLagging && !mayStay
        if attempt.endsSession, !hasEnded, let line = attempt.seen?.line { self.doubt(line) }
        if hasEnded, !self.isRenewal(attempt), let seen = attempt.seen {
            seen.end(self.end(attempt, .signedOut))
            attempt.presented?.secret.ended = self.end(attempt, .signedOut)
            // Another request may have taken the user out before, and what it left ends with the rest.
            for heir in seen.line.heirs where heir !== attempt.next?.line { self.doubt(heir) }
        }
        let endsTwins = self.scenario.kind == .moving && self.scenario.canRevoke && self.isRenewal(attempt)
        if attempt.deed == .removeUser || endsTwins, let seen = attempt.seen {
            // On the way into a store, a renewal ends what else came of the same cookie.
            // "If another request renews the session at the same moment, that request's cookie is signed out too."
            // (USERS)
            for child in seen.children where child !== attempt.next { child.doubt() }
        }
        if log.hasDropped, !hasEnded { self.checkDrop(attempt) }
        // Two records of one cookie that are renewed at the same moment end each other: docs/TESTING.md.
        if endsTwins, log.hasDropped { attempt.seen?.doubt() }
        self.checkLateWrite(attempt)
        if !hadFault { self.checkMove(attempt, cookie) }
        self.checkFormat(attempt, cookie)
        self.noteFormat(attempt)
        if let next = attempt.next { self.answered(next, attempt, cookie, clock, isDeletion: isDeletion) }
        self.settleUpdates(attempt, isKept: !log.hasDropped && (attempt.next == nil || cookie != nil), isDeletion)
        if let seen = attempt.seen, isDeletion { seen.mayHaveEnded = true }
        if !log.hasDropped { self.noteUse(attempt, until: clock, hadFault: hadFault) }
        if let cookie { self.register(cookie, attempt, clock) }
        if !hadFault, !log.hasDropped { attempt.settledAt = self.schedule.now }
    }

    /// The session that the request has begun, or made go on, is there; or it never was.
    private func answered(
        _ next: Generation, _ attempt: Attempt, _ cookie: String?, _ clock: Int, isDeletion: Bool
    ) {
        guard cookie != nil else {
            if !isDeletion { self.tally.saw(.notBegun) }
            self.check(
                .renewalSendsCookie, isDeletion || attempt.hasDropped || attempt.seen == nil,
                "Request \(attempt.number) has renewed session \(attempt.seen?.number ?? -1), and gets no cookie.")
            return
        }
        next.isAnswered = true
        next.answeredAt = self.schedule.now
        // What has ended meanwhile goes on for as long as others may not know that this has come of it.
        if let end = next.end {
            next.end = .init(
                at: self.schedule.now, cause: end.cause, process: -1, incarnation: 0, isLost: end.isLost)
        }
        next.isOriginLost = self.mayBeLost(attempt)
        if next.isProof {
            next.provedAt = clock
        }
        if next.isProof, attempt.deed != .revokeOthers {
            next.began = attempt.commitClock...max(clock, attempt.commitClock)
            next.line.began = next.began
        }
        if attempt.deed == .removeUser, let seen = attempt.seen {
            // The record goes on, and its times with it, or another begins.
            if attempt.wasDoubtful { next.mayHaveEnded = true }
            let began = self.began(of: seen)
            next.began = min(began.lowerBound, attempt.commitClock)...max(began.upperBound, clock, attempt.commitClock)
            next.line.began = next.began
            // What another request writes meanwhile counts for the record, by its own clock.
            let last = seen.line.isAlone(attempt) ? clock : self.latestClock
            next.line.used = next.line.used.lowerBound...max(seen.line.used.upperBound, last, attempt.commitClock)
        }
        if let seen = attempt.seen, self.isRenewal(attempt) {
            // What may have ended meanwhile may have ended with what it goes on as.
            if seen.mayHaveEnded { next.mayHaveEnded = true }
            // "What is left goes on in another session" (USERS), one that does not come of this id where another request
            // has renewed it meanwhile.
            let isApart = attempt.deed == .removeUser && seen.end != nil
            if isApart { seen.children.removeAll { $0 === next } }
            // A request from before a failover may take the renewal back.
            guard !self.mayBeOverwritten(seen.line, by: attempt) else {
                next.mayHaveEnded = true
                return self.noteSweeps(over: next, attempt)
            }
            attempt.presented?.secret.ended = self.end(attempt, .renewed)
            let first = min(seen.renewed?.lowerBound ?? .max, attempt.commitClock)
            seen.renewed = first...max(clock, attempt.commitClock, seen.renewed?.upperBound ?? 0)
            if let end = seen.end, end.cause != .renewed {
                if !isApart, !(end.cause == .revoked && next.isProof) {
                    next.end(
                        .init(
                            at: self.schedule.now, cause: end.cause, process: -1, incarnation: 0,
                            isLost: end.isLost || next.isOriginLost))
                }
            } else {
                seen.end(self.end(attempt, .renewed))
            }
        }
        self.noteSweeps(over: next, attempt)
    }

    private func end(_ attempt: Attempt, _ cause: Generation.Cause) -> Generation.End {
        .init(
            at: self.schedule.now, cause: cause, process: attempt.process?.number ?? -1,
            incarnation: attempt.incarnation, isLost: self.mayBeLost(attempt), secret: attempt.presented?.secret,
            isOnNewList: self.scenario.hasNewList && attempt.process?.writesNewFormat == true)
    }

    /// A cookie goes to the browser.
    private func register(_ cookie: String, _ attempt: Attempt, _ clock: Int) {
        defer { attempt.answer = self.issues[cookie] }
        guard self.issues[cookie] == nil, let generation = attempt.next ?? attempt.seen, let process = attempt.process
        else { return }
        self.noteRecord(in: cookie, generation.line, attempt)
        let isKeyKnown = process.keys.current == attempt.keyAtCommit
        let commit = attempt.commitClock...max(clock, attempt.commitClock)
        let isUse = attempt.isUse || attempt.next != nil
        let issue = Issue(
            generation, self.secret(in: cookie, generation, commit, attempt), isTicket: Self.isTicket(cookie),
            isSealed: Self.isSealed(cookie), key: isKeyKnown ? attempt.keyAtCommit : -1,
            signedAt: attempt.commitsAt ?? 0, at: self.schedule.now,
            used: isUse ? commit : attempt.presented?.used ?? commit)
        self.issues[cookie] = issue
        if !self.isStored { self.noteContents(issue, attempt, commit) }
    }

    /// The secret that a cookie proves: that of the session's last cookie, or that which came, signed by another key, or
    /// another, which takes its place.
    private func secret(
        in cookie: String, _ generation: Generation, _ commit: ClosedRange<Int>, _ attempt: Attempt
    ) -> Secret {
        let line = generation.line
        let text = cookie.part(before: UInt8(ascii: "."))
        if let latest = line.latest, latest.text == text { return latest }
        if let presented = attempt.presented?.secret, presented.text == text { return presented }
        let secret = Secret(text)
        if let renewed = generation.renewed {
            // The answer was overtaken by one that has the secret after this one.
            secret.superseded = renewed
            line.latest?.previous = secret
            return secret
        }
        secret.previous = line.latest
        if !self.mayBeOverwritten(line, by: attempt) { line.latest?.superseded = commit }
        line.latest = secret
        return secret
    }

    /// The request failed.
    func failed(_ attempt: Attempt, _ error: SessionError, hadFault: Bool, isOpening: Bool) {
        self.leave(attempt)
        self.schedule.note(UInt64(attempt.number) << 2 | 3)
        self.tell("request \(attempt.number) fails: \(error.kind)")
        if error.kind == .sessionLimitReached {
            self.tally.saw(.limitReached)
            self.check(.outageIsError, attempt.deed == .signIn, "request \(attempt.number) met the limit of sessions")
            // "The session stays as it was." Where two sign in at once, the other may have ended it, and so may a call
            // that ends all sessions of the user, before the sign-in is taken back: docs/TESTING.md.
            attempt.seen?.line.takenBackAt = self.schedule.now
            if let next = attempt.next { self.noteSweeps(over: next, attempt) }
            if attempt.next?.mayHaveEnded == true, let line = attempt.seen?.line { self.doubt(line) }
            return
        }
        let isExplained = hadFault || self.lag > 0
        self.check(
            .outageIsError, error.kind == .storeUnavailable && isExplained,
            "request \(attempt.number) failed and nothing had gone wrong: \(error)")
        if isOpening { self.noteOldCookie(attempt) } else { self.leftOpen(attempt) }
    }

    /// The process died.
    func vanished(_ attempt: Attempt) {
        self.leave(attempt)
        self.tell("request \(attempt.number) is never answered")
        self.noteOldCookie(attempt)
        self.leftOpen(attempt)
    }

    /// It is not known what of the request has been done.
    private func leftOpen(_ attempt: Attempt) {
        let line = (attempt.seen ?? attempt.presented?.generation)?.line
        line?.mayBeWritten = true
        if attempt.isDangerous, let line { self.doubt(line) }
        if attempt.deed.renews || self.scenario.renewalInterval != nil { line?.isUncertain = true }
        // The clock may have been set since the process has died that served it.
        let isSame = attempt.process?.incarnation == attempt.incarnation
        let clock = isSame ? attempt.process?.clock ?? 0 : self.latestClock
        if let line, clock > line.used.upperBound { line.used = line.used.lowerBound...clock }
        if let line, clock > line.began.upperBound, attempt.next?.isProof == true {
            line.began = line.began.lowerBound...clock
        }
    }

    /// What is known of the time of the session's last use.
    ///
    /// - Parameter hadFault: Whether a call to the store has failed. To note a use is no failure for an anonymous
    ///   visitor.
    private func noteUse(_ attempt: Attempt, until clock: Int, hadFault: Bool) {
        guard let line = (attempt.next ?? attempt.seen)?.line, attempt.isUse || attempt.next != nil else { return }
        let touch =
            self.scenario.touchInterval.map { Int($0.components.seconds) * 1000 }
            ?? self.idle(of: line) / 10
        let isWritten = attempt.hasChanges
        // A use is not noted again where another request has written since this one came; its clock may be behind.
        let others = line.attempts.filter {
            $0 !== attempt && $0.commitsAt != nil && $0.mayWriteUntil >= attempt.beganAt
        }
        let written = others.map(\.commitClock).min() ?? .max
        let earliest = isWritten ? attempt.commitClock : min(attempt.arrival - touch, written)
        // A use that is to be noted after the session's end is none.
        let counts = isWritten || (!hadFault && self.latestClock < line.used.lowerBound + self.idle(of: line))
        let isFirst = attempt.next != nil && attempt.seen == nil
        let lower = isFirst ? earliest : max(line.used.lowerBound, counts ? earliest : .min)
        line.used = lower...max(line.used.upperBound, clock, lower)
    }
}
