// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Sessions
import SessionsSimulationKit

/// A request in a process: what an adapter does, and a handler of an application.
extension ServerProcess {
    /// Serves a request; nil when the process dies meanwhile.
    func serve(_ attempt: Attempt, thinking: Int) async -> Response? {
        guard self.isServing, let manager = self.manager else { return nil }
        let (life, chronicle) = (self.life, self.world.chronicle)
        self.work += 1
        defer { self.work -= 1 }
        chronicle.begin(attempt, in: self)
        self.served.insert(attempt.number)
        let response = await self.answer(attempt, manager, life, thinking: thinking)
        guard !life.isOver else {
            chronicle.vanished(attempt)
            return nil
        }
        self.served.remove(attempt.number)
        self.takeEvents()
        return response
    }

    private func answer(_ attempt: Attempt, _ manager: SessionManager, _ life: Life, thinking: Int) async -> Response {
        let chronicle = self.world.chronicle
        let log = RequestLog()
        let faultsBefore = life.faultCount
        let session: Session
        do throws(SessionError) {
            session = try await manager.open(
                attempt.cookie.map { [$0] } ?? [], userAgent: nil,
                logger: log.logger)
        } catch {
            guard !life.isOver else { return Response(status: 503) }
            chronicle.failed(
                attempt, error, hadFault: life.faultCount > faultsBefore || Task.isCancelled, isOpening: true)
            return Response(status: 503)
        }
        guard !life.isOver else { return Response(status: 503) }
        chronicle.opened(attempt, Sight(session), hadFault: life.faultCount > faultsBefore || Task.isCancelled)
        if thinking > 0 { await self.world.schedule.pause(microseconds: thinking) }
        await self.handle(attempt, session, manager)
        chronicle.commits(attempt)
        do throws(SessionError) {
            let headers = try await manager.commit(session, logger: log.logger)
            guard !life.isOver else { return Response(status: 503) }
            chronicle.committed(
                attempt, headers.setCookie, log, hadFault: life.faultCount > faultsBefore || Task.isCancelled)
            return Response(setCookie: headers.setCookie)
        } catch {
            guard !life.isOver else { return Response(status: 503) }
            chronicle.failed(
                attempt, error, hadFault: life.faultCount > faultsBefore || Task.isCancelled, isOpening: false)
            return Response(status: 503)
        }
    }

    // MARK: - The handler

    private func handle(_ attempt: Attempt, _ session: Session, _ manager: SessionManager) async {
        let chronicle = self.world.chronicle
        let isThere = attempt.seen != nil
        switch attempt.deed {
        case .look: return
        case .peek: session.countsAsUse = false
        case .count:
            if !isThere { self.begin(attempt, session) }
            let key = "c\(attempt.visitor)"
            session.update(key, default: 0) { $0 += 1 }
            chronicle.counts(attempt, key)
        case .set:
            if !isThere { self.begin(attempt, session) }
            // A session takes a few of them.
            guard chronicle.setCount(attempt) < 12 else { return }
            session["s\(attempt.number)"] = true
            chronicle.sets(attempt, "s\(attempt.number)")
        case .signIn:
            session.signIn(as: attempt.user)
            self.proceed(attempt, session, as: attempt.user)
        case .reauthenticate:
            guard isThere else { return }
            session.reauthenticate()
            self.proceed(attempt, session, as: attempt.seen?.user)
        case .renew:
            guard isThere else { return }
            session.renew()
            self.proceed(attempt, session, as: attempt.seen?.user)
        case .revokeOthers:
            guard isThere, self.world.canRevokeAll else { return }
            await self.revokeOthers(attempt, session, manager)
            // What else the page has to do before its answer.
            if self.world.lots.happens(500) {
                await self.world.schedule.pause(microseconds: self.world.lots.below(1_500_000))
            }
            session.renew()
            self.proceed(attempt, session, as: attempt.seen?.user)
        case .signOut: session.signOut()
        case .removeAll: session.removeAll()
        case .signOutAndBegin:
            session.signOut()
            self.begin(attempt, session)
        case .removeUser:
            guard isThere, attempt.seen?.user != nil else { return }
            for key in session.keys where key.hasPrefix("c") || key.hasPrefix("s") { session.pop(key) }
            session.pop("_user_id")
            self.begin(attempt, session)
        }
    }

    /// Puts in what a later request knows a new session by.
    private func begin(_ attempt: Attempt, _ session: Session) {
        session["tag"] = .int(self.world.chronicle.begins(attempt, user: nil).number)
        self.setTimes(attempt, session)
    }

    private func setTimes(_ attempt: Attempt, _ session: Session) {
        if self.world.scenario.isPermanent { session.isPermanent = true }
        guard let own = self.world.scenario.own(ofVisitor: attempt.visitor) else { return }
        session.lifetime = SessionLifetime(idle: own.idle, absolute: own.absolute)
    }

    /// Puts in what a later request knows a session by that goes on with another secret.
    private func proceed(_ attempt: Attempt, _ session: Session, as user: String?) {
        let chronicle = self.world.chronicle
        let generation =
            attempt.seen == nil ? chronicle.begins(attempt, user: user) : chronicle.goesOn(attempt, user: user)
        session["tag"] = .int(generation.number)
        if attempt.seen == nil { self.setTimes(attempt, session) }
    }

    private func revokeOthers(_ attempt: Attempt, _ session: Session, _ manager: SessionManager) async {
        guard let user = session.user else { return }
        let chronicle = self.world.chronicle
        let (wasDead, count) = (self.mayBeDead(attempt), attempt.seen?.line.requestCount)
        let sweep = chronicle.sweeps(user, by: attempt, in: self)
        do throws(SessionError) {
            _ = try await manager.revokeOthers(than: session)
            // Without an id other copies of its cookie end with the rest, so that by now all of them count as doubtful.
            let isDead =
                self.world.scenario.canRevoke
                ? self.mayBeDead(attempt) : wasDead || self.isOvertaken(attempt, since: count, sweep)
            if !self.life.isOver, !isDead { chronicle.swept(sweep, in: self) }
        } catch {
            chronicle.tell("request \(attempt.number): the other sessions could not be ended: \(error.kind)")
        }
    }

    /// Whether another request, or another call that ends all sessions, has come during a call.
    private func isOvertaken(_ attempt: Attempt, since count: Int?, _ sweep: Sweep) -> Bool {
        let chronicle = self.world.chronicle
        // A cookie knows whole seconds.
        return chronicle.sweeps.last !== sweep || attempt.seen?.line.requestCount != count
            || chronicle.latestClock + 2000 >= attempt.earliestEnd
    }

    /// A session that has ended itself ends no other.
    private func mayBeDead(_ attempt: Attempt) -> Bool {
        // A replica that lags behind may not know it yet.
        guard let seen = attempt.seen, self.world.scenario.faults.lag == 0 else { return true }
        return seen.mayHaveEnded || self.world.chronicle.latestClock >= attempt.earliestEnd || seen.line.isUncertain
            || !seen.line.isAlone(attempt) || self.wasRenewedTwice(attempt, seen.line)
    }

    /// "A record remembers one earlier secret." (docs/TESTING.md)
    private func wasRenewedTwice(_ attempt: Attempt, _ line: Line) -> Bool {
        guard self.world.chronicle.isStored, let latest = line.latest, let secret = attempt.presented?.secret else {
            return false
        }
        return latest !== secret && latest.previous !== secret
    }
}
