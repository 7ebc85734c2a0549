// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Takes a site from one store to another while it runs: nobody is signed out, and every promise of ``SessionStore``
/// holds.
///
/// ```swift
/// let store = MigratingStore(from: directory, to: database, phase: .fill)
/// let sessions = try SessionManager(keys: SecretKeys(key), configuration: .stored(in: store))
/// ```
///
/// The phases follow each other by rolling restarts, `.fill`, `.both`, `.drain`, and lead back in the reverse order. At
/// any time there are processes of two neighbouring phases at most; the old store alone is `.fill`'s neighbour, and the
/// new store alone `.drain`'s. ``progress`` says when a step must wait. The steps, and what a crash does, are in
/// `docs/MIGRATING.md`.
///
/// A session lives in one store at a time, and that store alone decides its compare-and-set, its end and its removal.
/// What the other store has of it is a copy, which lets nobody in and does not come alive by itself. To move a session,
/// its copy is brought up to date, the record is replaced by a copy in the store where it lived (from then on no
/// process can write it there) that names this very copy, and the copy is replaced by the record in the other: three
/// compare-and-sets, each of which another process may have made before. A process that dies in between leaves a
/// session that every process still reads, and that the next write brings home.
///
/// A failure of the store where a session does not live fails no request to that session. It is counted and logged.
///
/// Ids are random, so no two processes create the same one. Two that did, one in `.both` and one in `.drain`, could
/// both succeed.
public final class MigratingStore: SessionStore {
    /// The phase that this process is in.
    public let phase: MigrationPhase
    let old: any SessionStore
    let new: any SessionStore
    let journal: MigrationJournal
    let random: SessionRandom

    /// A store in one phase of the way.
    ///
    /// - Parameters:
    ///   - old: The store that the site comes from.
    ///   - new: The store that it goes to. It may keep what it has of an earlier attempt.
    ///   - phase: Where the site is on its way.
    ///   - random: Where the marks of copies come from.
    ///   - logger: Hears of the progress, and of copies that could not be written, about once a minute.
    public init(
        from old: any SessionStore, to new: any SessionStore, phase: MigrationPhase,
        random: SessionRandom = .system, logger: Logger = Logger(label: "dewar.sessions.migration")
    ) {
        self.old = old
        self.new = new
        self.phase = phase
        self.random = random
        self.journal = MigrationJournal(phase: phase, logger: logger)
    }

    /// What this process has seen so far.
    public var progress: MigrationProgress { self.journal.progress }

    /// The record from the store where the session lives.
    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        self.journal.note(now)
        switch try await self.whereabouts(of: id, at: now) {
        case .nowhere: return nil
        case .lives(let record, let side, let isAlone):
            self.journal.found(in: side, isAlone: isAlone)
            // On the way back `.fill` asks the old store alone, and a copy leads it to the new one.
            if isAlone, self.phase == .both { await self.copy(record, to: side.other, at: now) }
            return record
        case .onTheWay(let record, _, _): return record
        }
    }

    /// Compares and sets in the store where the session lives, moves it home on the occasion, and writes a copy to the
    /// other.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        self.journal.note(now)
        guard let version else { return try await self.create(record, at: now) }
        let home = self.phase.home
        // Most sessions are at home, where no copy has a version that is asked for.
        if try await self.store(home).write(record, replacing: version, at: now) {
            await self.copy(record, to: home.other, at: now)
            return true
        }
        var patience = Patience()
        while true {
            if let isDone = try await self.attempt(record, replacing: version, at: now) { return isDone }
            try patience.use(on: version)
            await Task.yield()
        }
    }

    /// Removes the record from the store where the session lives, and then the copy from the other.
    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        var patience = Patience()
        while true {
            // There is no time in a removal: what has expired and is still there counts.
            let whereabouts = try await self.whereabouts(of: id, at: Self.beginning)
            if let isDone = try await self.remove(id, ifVersion: version, whereabouts) { return isDone }
            try patience.use(on: whereabouts.version)
            await Task.yield()
        }
    }

    /// Purges both stores, and gives the larger number: a session and its copy count as one.
    public func removeExpired(at now: Date, limit: Int) async throws -> Int {
        let home = self.phase.home
        let count = try await self.store(home).removeExpired(at: now, limit: limit)
        do {
            return max(count, try await self.store(home.other).removeExpired(at: now, limit: limit))
        } catch {
            self.journal.failed(home.other, error)
            return count
        }
    }

    /// The ids that either store names, each checked against the store where the session lives.
    ///
    /// In `.fill` the old store names them all, and the new one may fail.
    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        var ids = Set(try await self.old.ids(ofUser: user, at: now))
        do {
            ids.formUnion(try await self.new.ids(ofUser: user, at: now))
        } catch {
            guard self.phase == .fill else { throw error }
            self.journal.failed(.new, error)
        }
        var found: [SessionID] = []
        for id in ids where try await self.isSession(id, ofUser: user, at: now) { found.append(id) }
        return found
    }

    /// Moves a session home now, instead of when it is next written; for a job of your own that knows ids.
    ///
    /// A store has no list of all its sessions. ``ids(ofUser:at:)`` of every user is one, for sessions with a user.
    ///
    /// - Returns: Whether the session lives at home now; in `.both` nothing moves. False also when there is no session.
    public func bringHome(_ id: SessionID, at now: Date) async throws -> Bool {
        self.journal.note(now)
        var patience = Patience()
        while true {
            let whereabouts = try await self.whereabouts(of: id, at: now)
            switch whereabouts {
            case .nowhere: return false
            case .lives(let record, let side, _):
                if side == self.phase.home { return true }
                if self.phase == .both { return false }
                if try await self.move(record, from: side, writing: record, at: now) { return true }
            case .onTheWay(let record, let side, let copyVersion):
                let isDone = try await self.store(side).write(record, replacing: copyVersion, at: now)
                if isDone {
                    self.journal.moved()
                    return side == self.phase.home
                }
            }
            try patience.use(on: whereabouts.version)
            await Task.yield()
        }
    }

    func store(_ side: MigrationSide) -> any SessionStore { side == .old ? self.old : self.new }

    private static let beginning = Date(milliseconds: 0)
}
