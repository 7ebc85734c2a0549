// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The sessions of a user that a page shows.
struct UserSessions {
    /// The last used first.
    let shown: [SessionSummary]
    /// Whether the user has sessions that are not shown.
    let hasMore: Bool
}

/// What the pages ask the store, each question with a bounded effort: a page of a site with a million sessions takes about
/// as long as one of a site with a thousand.
struct SessionLookup {
    let sessions: SessionManager

    /// How many sessions a page of the list has.
    static let pageSize = 20
    /// How many sessions of one user are shown.
    static let userLimit = 50
    private static let readsAtOnce = 4

    /// The store; nil where sessions are in their cookies, or shared with Flask-Session.
    var store: (any SessionStore)? {
        let place = self.sessions.configuration.place
        return place.stored?.store ?? place.cookies?.reading?.stored?.store
    }

    /// Whether sessions can be ended from outside: in a store, or by a list of revocations.
    var canEnd: Bool {
        let place = self.sessions.configuration.place
        return place.stored != nil || place.endsCookies
    }

    /// The store, if it is two of them during a migration.
    var pair: (any PairedStore)? { self.store as? any PairedStore }

    /// The store, if it can list its sessions.
    var scannable: (any ScannableSessionStore)? { self.store as? any ScannableSessionStore }

    /// A page of all sessions, from the first one on when the cursor leads nowhere.
    func page(
        of store: any ScannableSessionStore, after cursor: SessionScanCursor?
    ) async throws(SessionError) -> SessionPage {
        let now = self.sessions.clock.now()
        let page = try await self.sessions.asking {
            do {
                return try await store.scan(after: cursor, limit: Self.pageSize, at: now)
            } catch is InvalidScanCursor {
                return try await store.scan(after: nil, limit: Self.pageSize, at: now)
            }
        }
        // Redis may list a session twice. And a store has more than sessions: lists of revocations, counts of attempts.
        var seen = Set<SessionID>()
        let sessions = page.sessions.filter { $0.isSession && seen.insert($0.id).inserted }
        return SessionPage(sessions: sessions, next: page.next)
    }

    /// Sessions of a user. Of very many only some are read, which the store chooses.
    ///
    /// - Parameter own: A session that is shown in any case, if it is the user's.
    func sessions(
        of user: String, including own: SessionID? = nil, in store: any SessionStore
    ) async throws(SessionError) -> UserSessions {
        let now = self.sessions.clock.now()
        return try await self.sessions.asking {
            // One more than are shown tells whether there are more.
            var ids = try await store.ids(ofUser: user, limit: Self.userLimit + 1, at: now)
            if let own, !ids.prefix(Self.userLimit).contains(own) { ids.insert(own, at: 0) }
            let found = try await Self.records(of: ids.prefix(Self.userLimit), in: store, at: now)
                .filter { $0.isOf(user) }.map { SessionSummary($0) }.filter(\.isSession)
            return UserSessions(
                shown: found.sorted { $0.lastUsedAt > $1.lastUsedAt },
                hasMore: ids.count > Self.userLimit && !found.isEmpty)
        }
    }

    /// Reads a few records at once: one after the other would be a round trip each, and all at once would take all
    /// connections of a pool from the requests of visitors.
    private static func records(
        of ids: ArraySlice<SessionID>, in store: any SessionStore, at now: Date
    ) async throws -> [SessionRecord] {
        try await withThrowingTaskGroup(of: [SessionRecord].self) { group in
            for first in 0..<Self.readsAtOnce {
                group.addTask {
                    var records: [SessionRecord] = []
                    for index in stride(from: ids.startIndex + first, to: ids.endIndex, by: Self.readsAtOnce) {
                        if let record = try await store.read(ids[index], at: now) { records.append(record) }
                    }
                    return records
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// One session; nil when it has ended.
    func session(_ id: SessionID, in store: any SessionStore) async throws(SessionError) -> SessionSummary? {
        let now = self.sessions.clock.now()
        let summary = try await self.sessions.asking { try await store.read(id, at: now).map { SessionSummary($0) } }
        return summary.flatMap { $0.isSession ? $0 : nil }
    }
}

extension SessionRecord {
    /// Whether it is this user's. An index of a store may lag behind, and names are told apart by their bytes.
    fileprivate func isOf(_ user: String) -> Bool { self.user?.utf8.elementsEqual(user.utf8) ?? false }
}
