// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// What the page asks the store, each question with a bounded effort: a page of a site with a million sessions takes
/// about as long as one of a site with a thousand.
struct SessionLookup {
    let sessions: SessionManager

    /// How many sessions a page of the list has.
    static let pageSize = 20
    /// How many sessions of one user are shown.
    static let userLimit = 100

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

    /// A user's sessions, the last used first, and how many there are. Of very many only some are read.
    func sessions(
        of user: String, in store: any SessionStore
    ) async throws(SessionError) -> (shown: [SessionSummary], count: Int) {
        let now = self.sessions.clock.now()
        return try await self.sessions.asking {
            let ids = try await store.ids(ofUser: user, at: now)
            var found: [SessionSummary] = []
            for id in ids.prefix(Self.userLimit) {
                guard let record = try await store.read(id, at: now), record.isOf(user) else { continue }
                let summary = SessionSummary(record)
                if summary.isSession { found.append(summary) }
            }
            let count = ids.count > Self.userLimit && !found.isEmpty ? ids.count : found.count
            return (found.sorted { $0.lastUsedAt > $1.lastUsedAt }, count)
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
