// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What remembers which sessions have ended although their cookies are good, for the backend that reads these cookies.
protocol CookieLedger: Sendable {
    /// Whether processes share it through a store, so that asking may have to wait for that.
    var isShared: Bool { get }

    /// Makes sure that nothing older than the staleness is unknown.
    func prepare() async throws

    /// What is to be made of a cookie. A replay ends its session for good, the visitor's own cookie included.
    func judge(_ cookie: RevocableCookie, arrival: Date) -> RevocationVerdict

    /// Whether a cookie may be opened; a replay ends nothing here.
    func isLive(_ cookie: RevocableCookie, arrival: Date) -> Bool

    /// Whether the session has ended, rather than gone on under another id.
    func hasEnded(_ cookie: RevocableCookie) -> Bool

    /// Whether nothing may be written under the cookie's id any more.
    func isClosed(_ cookie: RevocableCookie) -> Bool

    /// When an id is made for a user's new session, in milliseconds since 1970: after all sessions that have ended.
    func creationTime(for user: String?, at now: Date) -> Int

    /// Ends a session; false when it has ended before.
    func end(_ cookie: RevocableCookie) -> Bool

    /// Ends the session of an id, of any user; false when it has ended before.
    func end(_ id: SessionID) -> Bool

    /// Lets a session go on under another id; false when it has ended or gone on already.
    func renew(_ cookie: RevocableCookie, to successor: SessionID) -> Bool

    /// Ends all sessions of a user until now, and gives the last millisecond that this reaches.
    ///
    /// - Parameter cookie: The session that asks, if one does; nil is given when that has ended itself.
    func endAll(of user: String, askedBy cookie: RevocableCookie?) -> Int?

    /// Tells other processes what this process has ended and renewed.
    ///
    /// - Throws: What the store throws. The next flush tells it then.
    func flush() async throws

    /// Reads everything that other processes have ended by now.
    func catchUp() async throws
}

/// A revocation list as one manager uses it: with its clock, and with the times for which its cookies last.
struct RevocationLedger: CookieLedger {
    let list: RevocationList
    let clock: SessionClock
    /// How long after its session's end a cookie could be good.
    let retention: Duration
    /// For how long after its renewal an id is no sign of theft.
    let renewalGrace: Duration
    /// Whether sessions move from their cookies into a store.
    ///
    /// A session that has moved and not been renewed since may then be read from its cookie, and moves once more: the
    /// response with the new cookie may have been lost.
    let movesSessions: Bool

    // MARK: - Judging

    var isShared: Bool { self.list.isShared }

    func judge(_ cookie: RevocableCookie, arrival: Date) -> RevocationVerdict {
        let now = self.clock.reading
        return self.list.withTable { table in
            let verdict = table.verdict(
                on: cookie, at: arrival.milliseconds, grace: self.renewalGrace.milliseconds,
                graceOfMove: self.graceOfMove)
            if verdict == .replayed, let id = cookie.id { self.insert(.ended(id), &table, now) }
            return verdict
        }
    }

    func isLive(_ cookie: RevocableCookie, arrival: Date) -> Bool {
        self.list.withTable {
            $0.verdict(on: cookie, at: arrival.milliseconds, grace: 0, graceOfMove: self.graceOfMove) == .live
        }
    }

    /// For how many milliseconds after its session has moved a cookie is read.
    private var graceOfMove: Int { (self.movesSessions ? self.retention : self.renewalGrace).milliseconds }

    func hasEnded(_ cookie: RevocableCookie) -> Bool { self.list.withTable { $0.hasEnded(cookie) } }

    func hasEnded(_ id: SessionID) -> Bool { self.list.withTable { $0.hasEnded(RevocationKey(id)) } }

    func isClosed(_ cookie: RevocableCookie) -> Bool {
        self.list.withTable { $0.isClosed(cookie, movingAgain: self.movesSessions) }
    }

    func creationTime(for user: String?, at now: Date) -> Int {
        guard let key = user.map(RevocationKey.init(user:)) else { return now.milliseconds }
        return self.list.withTable { max(now.milliseconds, ($0.cutoff(of: key) ?? -1) + 1) }
    }

    // MARK: - Ending

    func end(_ cookie: RevocableCookie) -> Bool {
        guard let id = cookie.id else { return true }
        let now = self.clock.reading
        return self.list.withTable { table in
            let isFirst = !table.hasEnded(cookie)
            // Also where all of the user's sessions have ended: the one that asked for it may be about to go on.
            if !table.hasEnded(id) { self.insert(.ended(id), &table, now) }
            return isFirst
        }
    }

    func end(_ id: SessionID) -> Bool {
        let (key, now) = (RevocationKey(id), self.clock.reading)
        return self.list.withTable { table in
            guard !table.hasEnded(key) else { return false }
            self.insert(.ended(key), &table, now)
            return true
        }
    }

    func renew(_ cookie: RevocableCookie, to successor: SessionID) -> Bool {
        self.proceed(with: cookie, as: successor) { id, next, at in [.renewed(id, successor: next, at: at)] }
    }

    func endAll(of user: String, askedBy cookie: RevocableCookie?) -> Int? {
        let (key, now) = (RevocationKey(user: user), self.clock.reading)
        return self.list.withTable { table in
            if let cookie, table.isClosed(cookie, movingAgain: self.movesSessions) { return nil }
            // Also a session that began in this very millisecond, after an earlier call had reached it.
            let cutoff = max(now.now.milliseconds, (table.cutoff(of: key) ?? -1) + 1)
            self.insert(.userEnded(key, cutoff: cutoff), &table, now)
            return cutoff
        }
    }

    // MARK: - Moving

    /// Whether the session of a cookie went on in a store, and has not been renewed since.
    func hasMoved(_ cookie: RevocableCookie) -> Bool {
        self.list.withTable { table in cookie.id.map { table.hasMoved($0) } ?? false }
    }

    /// Lets a session go on in a store; false when it has ended or been renewed, or moved too often.
    ///
    /// - Parameter isRenewal: Whether the cookie from before must not be read any more.
    func move(_ cookie: RevocableCookie, to stored: SessionID, isRenewal: Bool) -> Bool {
        self.proceed(with: cookie, as: stored, mayRepeat: isRenewal) { id, next, at in
            let move = RevocationEntry.Fact.moved(id, successor: next, at: at)
            return isRenewal ? [move, .renewed(id, successor: next, at: at)] : [move]
        }
    }

    /// The sessions in a store that came of one cookie, or of the one that this session came in.
    func moved(with id: SessionID) -> [SessionID] {
        self.list.withTable { $0.moved(with: RevocationKey(id)) }.map { SessionID($0.words) }
    }

    /// Ends the reading of the cookie from which a stored session came; false when that has been done.
    func closeOrigin(of stored: SessionID) -> Bool {
        let (key, now) = (RevocationKey(stored), self.clock.reading)
        return self.list.withTable { table in
            guard let origin = table.origin(of: key) else { return false }
            self.insert(.renewed(origin, successor: key, at: now.now.milliseconds), &table, now)
            return true
        }
    }

    // MARK: - Sharing

    func prepare() async throws { try await self.list.prepare(self.clock) }

    func flush() async throws { try await self.list.flush(self.clock) }

    func catchUp() async throws { try await self.list.catchUp(self.clock) }

    // MARK: - Writing into the table

    /// - Parameter mayRepeat: Whether the session may go on under more ids than a client that takes no cookie is
    ///   allowed.
    private func proceed(
        with cookie: RevocableCookie, as successor: SessionID, mayRepeat: Bool = true,
        _ facts: (_ id: RevocationKey, _ successor: RevocationKey, _ at: Int) -> [RevocationEntry.Fact]
    ) -> Bool {
        let now = self.clock.reading
        return self.list.withTable { table in
            guard !table.isClosed(cookie, movingAgain: self.movesSessions) else { return false }
            guard let id = cookie.id else { return true }
            guard mayRepeat || table.mayMove(id) else { return false }
            // Later than the end of all other sessions that this request has asked for.
            let at = max(now.now.milliseconds, (cookie.exemption ?? -1) + 1)
            for fact in facts(id, RevocationKey(successor), at) { self.insert(fact, &table, now) }
            return true
        }
    }

    private func insert(_ fact: RevocationEntry.Fact, _ table: inout RevocationTable, _ now: ClockReading) {
        self.list.insert(fact, &table, at: now, retention: self.retention)
    }
}
