// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Logging
public import Sessions

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Takes a site from one store to another while it runs. It signs no visitor out, and keeps every promise of
/// `SessionStore`.
///
/// ```swift
/// let store = MigratingStore(from: directory, to: database, phase: .fill)
/// let sessions = try SessionManager(keys: SecretKeys(key), configuration: .stored(in: store))
/// ```
///
/// The phases follow each other by rolling restarts, `.fill`, `.both`, `.drain`, and lead back in the reverse order. At
/// any time, processes run in at most two neighbouring phases; the old store alone is the neighbour of `.fill`, and the
/// new store alone that of `.drain`. ``progress`` says when the next step is safe. `docs/MIGRATING.md` has the steps,
/// and what a crash does.
///
/// A session lives in one store at a time, and that store alone decides its compare-and-set, its end and its removal.
/// The other store holds a copy, which opens no session and does not come alive by itself. A move takes three
/// compare-and-sets, each of which another process may win:
///
/// 1. The copy is brought up to date.
/// 2. In the store where the session lived, a copy that names this very copy replaces the record. From then on no
///    process can write the session there.
/// 3. In the other store, the record replaces the copy.
///
/// If a process dies in between, every process still reads the session, and the next write completes the move.
///
/// If the store where a session does not live fails, no request to that session fails. The failure is counted and
/// logged.
///
/// Ids are random, so that no two processes create the same one. Two processes that did, one in `.both` and one in
/// `.drain`, could both succeed.
public final class MigratingStore: SessionStore {
    /// The phase that this process is in.
    public let phase: MigrationPhase
    let old: any SessionStore
    let new: any SessionStore
    let journal: MigrationJournal
    let random: SessionRandom
    private let yield: @Sendable () async -> Void

    /// A store in one phase of the migration.
    ///
    /// - Parameters:
    ///   - old: The store that the site comes from.
    ///   - new: The store that it goes to. It may still hold records of an earlier attempt.
    ///   - phase: The phase of the migration.
    ///   - random: The source of the versions that identify copies.
    ///   - logger: Gets the progress, and failures to write copies, at most about once a minute.
    public convenience init(
        from old: any SessionStore, to new: any SessionStore, phase: MigrationPhase,
        random: SessionRandom = .system, logger: Logger = Logger(label: "dewar.sessions.migration")
    ) {
        self.init(from: old, to: new, phase: phase, random: random, logger: logger) { await Task.yield() }
    }

    /// - Parameter yield: Lets other tasks run before another try.
    package init(
        from old: any SessionStore, to new: any SessionStore, phase: MigrationPhase, random: SessionRandom,
        logger: Logger, yield: @escaping @Sendable () async -> Void
    ) {
        self.old = old
        self.new = new
        self.phase = phase
        self.random = random
        self.yield = yield
        self.journal = MigrationJournal(phase: phase, logger: logger)
    }

    /// What this process has seen so far.
    public var progress: MigrationProgress { self.journal.progress }

    /// Reads the record from the store where the session lives.
    public func read(_ id: SessionID, at now: Date) async throws -> SessionRecord? {
        self.journal.note(now)
        switch try await self.whereabouts(of: id, at: now) {
        case .nowhere: return nil
        case .lives(let record, let side, let isAlone):
            self.journal.found(in: side, isAlone: isAlone)
            // When the site goes back to `.fill`, that phase asks the new store only if the old one has a copy.
            if isAlone, self.phase == .both { await self.copy(record, to: side.other, at: now) }
            return record
        case .onTheWay(let record, _, _): return record
        }
    }

    /// Compares and sets in the store where the session lives, or moves it home with the same write. Then writes a copy
    /// to the other store.
    public func write(_ record: SessionRecord, replacing version: Int?, at now: Date) async throws -> Bool {
        self.journal.note(now)
        guard let version else { return try await self.create(record, at: now) }
        let home = self.phase.home
        // Most sessions live at home. A copy there never has the version of a session, so that this write never
        // replaces one.
        if try await self.store(home).write(record, replacing: version, at: now) {
            await self.copy(record, to: home.other, at: now)
            return true
        }
        var patience = Patience()
        while true {
            if let isDone = try await self.attempt(record, replacing: version, at: now) { return isDone }
            try patience.use(on: version)
            await self.yield()
        }
    }

    /// Removes the record from the store where the session lives, and then the copy from the other one.
    public func remove(_ id: SessionID, ifVersion version: Int?) async throws -> Bool {
        var patience = Patience()
        while true {
            // A removal has no time: a record that has expired but not been purged counts as there.
            let whereabouts = try await self.whereabouts(of: id, at: Self.beginning)
            if let isDone = try await self.remove(id, ifVersion: version, whereabouts) { return isDone }
            try patience.use(on: whereabouts.version)
            await self.yield()
        }
    }

    /// Purges both stores, and gives the larger count, because a session and its copy count as one.
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

    /// The ids that either store lists, each checked against the store where the session lives.
    ///
    /// In `.fill` the old store lists them all, and the new one may fail.
    public func ids(ofUser user: String, at now: Date) async throws -> [SessionID] {
        let lists = try await self.lists { try await $0.ids(ofUser: user, at: now) }
        return try await self.sessions(of: user, in: lists, upTo: .max, at: now)
    }

    /// The same, but no more ids are read and checked than it takes.
    ///
    /// A store lists copies too, also those of sessions that have ended. If there are so many that too few sessions are
    /// left, all ids are read.
    public func ids(ofUser user: String, limit: Int, at now: Date) async throws -> [SessionID] {
        let limit = max(limit, 1)
        var lists = try await self.lists { try await $0.ids(ofUser: user, limit: limit, at: now) }
        let found = try await self.sessions(of: user, in: lists, upTo: limit, at: now)
        guard found.count < limit, lists.contains(where: { $0.count >= limit }) else { return found }
        lists = try await self.lists { try await $0.ids(ofUser: user, at: now) }
        return try await self.sessions(of: user, in: lists, upTo: limit, at: now)
    }

    /// What each of the stores lists.
    private func lists(_ ids: (any SessionStore) async throws -> [SessionID]) async throws -> [[SessionID]] {
        let old = try await ids(self.old)
        do {
            return [old, try await ids(self.new)]
        } catch {
            guard self.phase == .fill else { throw error }
            self.journal.failed(.new, error)
            return [old]
        }
    }

    /// Those of the ids that are sessions of the user, as many as are asked for.
    private func sessions(
        of user: String, in lists: [[SessionID]], upTo limit: Int, at now: Date
    ) async throws -> [SessionID] {
        var found: [SessionID] = []
        for id in Set(lists.joined()) {
            guard found.count < limit else { break }
            if try await self.isSession(id, ofUser: user, at: now) { found.append(id) }
        }
        return found
    }

    /// Moves a session home now, and not only when it is next written; for a job of your own that knows ids.
    ///
    /// A `ScannableSessionStore` gives the ids of all its records with `scan`. Bring home those too that are no sessions:
    /// segments of a list of revocations, and counts of attempts to sign in.
    ///
    /// - Returns: Whether the session lives at home now; in `.both` nothing moves. Also false when there is no session.
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
            await self.yield()
        }
    }

    func store(_ side: MigrationSide) -> any SessionStore { side == .old ? self.old : self.new }

    private static let beginning = Date(milliseconds: 0)
}

extension MigratingStore: PairedStore {
    package var oldStore: any SessionStore { self.old }
    package var newStore: any SessionStore { self.new }
}
