// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The sessions that have ended although their cookies are good: asked in memory, and shared through a store if there
/// is one.
///
/// What is added is known to this process at once, and to the others once ``flush(_:)`` has returned and they have read
/// it.
final class RevocationList: Sendable {
    private let table = Mutex(RevocationTable())
    private let journal: RevocationJournal?
    /// How long after its writing an entry may be unknown to another process.
    let staleness: Duration

    /// A list of this process alone, or one that a journal shares.
    init(journal: RevocationJournal? = nil) {
        self.journal = journal
        self.staleness = journal?.staleness ?? .zero
    }

    var isShared: Bool { self.journal != nil }

    var count: Int { self.table.withLock { $0.count } }

    // MARK: - Judging

    /// What is to be made of a token. A replay ends the session for good, the visitor's own cookie included.
    ///
    /// - Parameter arrival: When it came, by which the graces are judged.
    func verdict(
        on bearer: RevocationBearer, from arrival: Date, at now: ClockReading, grace: Duration,
        graceOfMove: Duration, keeping: Duration
    ) -> RevocationVerdict {
        self.table.withLock { table in
            let verdict = table.verdict(
                on: bearer, at: arrival.milliseconds, grace: grace.milliseconds,
                graceOfMove: graceOfMove.milliseconds)
            if verdict == .replayed, let id = bearer.id { self.insert(.ended(id), &table, now, keeping) }
            return verdict
        }
    }

    /// Whether a token may be opened; a replay ends nothing here.
    func isLive(_ bearer: RevocationBearer, at arrival: Date, graceOfMove: Duration) -> Bool {
        self.table.withLock { table in
            let now = arrival.milliseconds
            return table.verdict(on: bearer, at: now, grace: 0, graceOfMove: graceOfMove.milliseconds) == .live
        }
    }

    /// Whether nothing may be written under this id any more.
    ///
    /// - Parameter movingAgain: Whether a session that has moved and not been renewed since may move once more.
    func isClosed(_ bearer: RevocationBearer, movingAgain: Bool = false) -> Bool {
        self.table.withLock { $0.isClosed(bearer, movingAgain: movingAgain) }
    }

    func hasEnded(_ id: SessionID) -> Bool {
        self.table.withLock { $0.hasEnded(RevocationKey(id)) }
    }

    /// Whether the session has ended, rather than gone on under another id.
    func hasEnded(_ bearer: RevocationBearer) -> Bool {
        self.table.withLock { $0.hasEnded(bearer) }
    }

    /// The sessions in a store that came of one cookie, or of the one that this session came in.
    func moved(with id: SessionID) -> [SessionID] {
        self.table.withLock { $0.moved(with: RevocationKey(id)) }.compactMap { SessionID(bytes: $0.bytes[...]) }
    }

    /// When an id is made for a user's new session: after all that have ended.
    func moment(for user: String?, at now: Date) -> Int {
        guard let key = user.map(RevocationKey.init(user:)) else { return now.milliseconds }
        return self.table.withLock { max(now.milliseconds, ($0.mark(of: key) ?? -1) + 1) }
    }

    // MARK: - Ending

    /// Ends a session; false when it has ended before.
    func end(_ bearer: RevocationBearer, at now: ClockReading, keeping: Duration) -> Bool {
        guard let id = bearer.id else { return true }
        return self.table.withLock { table in
            guard !table.hasEnded(bearer) else { return false }
            self.insert(.ended(id), &table, now, keeping)
            return true
        }
    }

    /// Ends a session, whosever it is; false when it has ended before.
    func end(_ id: SessionID, at now: ClockReading, keeping: Duration) -> Bool {
        self.table.withLock { table in
            guard !table.hasEnded(RevocationKey(id)) else { return false }
            self.insert(.ended(RevocationKey(id)), &table, now, keeping)
            return true
        }
    }

    /// Lets a session go on under another id; false when it has ended or gone on already, or moved too often.
    func renew(
        _ bearer: RevocationBearer, to successor: SessionID, isMove: Bool, movingAgain: Bool = false,
        at now: ClockReading, keeping: Duration
    ) -> Bool {
        self.table.withLock { table in
            guard !table.isClosed(bearer, movingAgain: movingAgain) else { return false }
            guard let id = bearer.id else { return true }
            guard !isMove || table.mayMove(id) else { return false }
            let (next, at) = (RevocationKey(successor), now.now.milliseconds)
            // Whatever else came of the cookie ends with the session, however it left.
            if isMove || movingAgain { self.insert(.moved(id, successor: next, at: at), &table, now, keeping) }
            if !isMove { self.insert(.renewed(id, successor: next, at: at), &table, now, keeping) }
            return true
        }
    }

    /// Ends all sessions of a user until now, and gives the last millisecond that this reaches.
    ///
    /// - Parameter bearer: Who asks, if it is a session; nil is given when that has ended itself.
    func endAll(
        of user: String, asked bearer: RevocationBearer? = nil, movingAgain: Bool = false,
        at now: ClockReading, keeping: Duration
    ) -> Int? {
        let key = RevocationKey(user: user)
        return self.table.withLock { table in
            if let bearer, table.isClosed(bearer, movingAgain: movingAgain) { return nil }
            // Also what was begun in this millisecond, after it was reached before.
            let mark = max(now.now.milliseconds, (table.mark(of: key) ?? -1) + 1)
            self.insert(.userEnded(key, mark: mark), &table, now, keeping)
            return mark
        }
    }

    /// Ends the reading of the cookie from which a session moved into a store, now that the session has changed there.
    func settle(_ stored: SessionID, at now: ClockReading, keeping: Duration) -> Bool {
        let key = RevocationKey(stored)
        return self.table.withLock { table in
            guard let origin = table.origin(of: key) else { return false }
            self.insert(.renewed(origin, successor: key, at: now.now.milliseconds), &table, now, keeping)
            return true
        }
    }

    private func insert(
        _ fact: RevocationEntry.Fact, _ table: inout RevocationTable, _ now: ClockReading, _ keeping: Duration
    ) {
        // A process that does not know yet may renew a token until the staleness is over.
        let kept = keeping.milliseconds.addingClamped(self.staleness.milliseconds)
        let entry = RevocationEntry(fact: fact, until: now.now.milliseconds.addingClamped(kept))
        table.removeExpired(at: now.now.milliseconds, elapsed: now.elapsed.milliseconds)
        table.insert(entry, keptUntil: now.elapsed.milliseconds.addingClamped(kept))
        self.journal?.add(entry)
    }

    // MARK: - Sharing

    /// Writes what this process has added.
    ///
    /// - Throws: What the store throws. It stays to be written.
    func flush(_ clock: SessionClock) async throws {
        try await self.journal?.flush(clock)
    }

    var hasUnwritten: Bool { self.journal?.hasUnwritten ?? false }

    /// Makes sure that nothing older than the staleness is unknown; when the last reading is too long ago, it reads.
    func prepare(_ clock: SessionClock) async throws {
        guard let journal = self.journal, !journal.isFresh(at: clock.now()) else { return }
        // The first may be one that had begun long before.
        for _ in 0..<2 {
            try await self.refresh(clock)
            if journal.isFresh(at: clock.now()) { return }
        }
        throw RevocationFault.slowStore
    }

    /// Reads what the others have added.
    func refresh(_ clock: SessionClock) async throws {
        try await self.journal?.refresh(clock) { news in
            let now = clock.reading
            let elapsed = now.elapsed.milliseconds
            self.table.withLock { table in
                for item in news {
                    table.insert(item.entry, keptUntil: elapsed.addingClamped(item.retention.milliseconds))
                }
                table.removeExpired(at: now.now.milliseconds, elapsed: elapsed)
            }
        }
    }

    /// Reads all that the others have added by now; a reading that was under way may have begun before.
    func learn(_ clock: SessionClock) async throws {
        for _ in 0..<2 { try await self.refresh(clock) }
    }

    /// One round of the work in the background: write what could not be written, read the others, remove what has
    /// expired.
    func round(_ clock: SessionClock) async throws {
        try await self.flush(clock)
        try await self.refresh(clock)
        try await self.journal?.removeExpired(clock)
    }

    /// Waits for the next round; false when there is none.
    func wait() async -> Bool { await self.journal?.schedule.wait() ?? false }
}
