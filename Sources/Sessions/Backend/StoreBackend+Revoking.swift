// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension StoreBackend {
    // MARK: - A user's sessions

    func activeSessions(of user: String, current: SessionID?, _ reporter: SessionReporter) async throws(SessionError)
        -> [ActiveSession]
    {
        try await self.access.finishing(reporter) {
            try await self.records(of: user)
                .sorted { ($0.lastUsedAt, $0.createdAt) > ($1.lastUsedAt, $1.createdAt) }
                .map { ActiveSession($0, current: current) }
        }
    }

    func revoke(_ id: SessionID, of user: String?, _ reporter: SessionReporter) async throws(SessionError) -> Bool {
        try await self.access.finishing(reporter) {
            guard try await self.end(id, of: user, reporter) else { return false }
            try await self.listener?.revoked(id)
            return true
        }
    }

    /// Again until there is none, and to its end: an index may lag behind, and a sign-in be on its way.
    ///
    /// All ids are read at once, which is 16 bytes for each: a part of them could be nothing but what an index still has,
    /// and reading another part would read the same. To end each takes far longer.
    func revokeAll(of user: String, except kept: Session?, _ reporter: SessionReporter) async throws(SessionError)
        -> Int
    {
        let stored = kept?.snapshot.stored
        let keptID = stored?.record.id
        return try await self.access.finishing(reporter) {
            // A session that has ended itself ends no other.
            if let stored, try await !self.isAlive(stored) { return 0 }
            var total = 0
            for _ in 0..<Self.maximumRounds {
                var ended = 0
                for id in try await self.store.ids(ofUser: user, at: self.now) where id != keptID {
                    if try await self.end(id, of: user, reporter) { ended += 1 }
                }
                guard ended > 0 else { break }
                total += ended
            }
            return total
        }
    }

    /// Whether a session that was opened goes on, and this request's secret with it.
    func isAlive(_ stored: StoredSession) async throws -> Bool {
        try await self.store.read(stored.record.id, at: self.now).map { Self.admitted(stored.secret, to: $0) } ?? false
    }

    /// The live records that are the user's, whatever the index says, without their contents: a user may have a hundred
    /// thousand.
    ///
    /// - Parameters:
    ///   - spared: A session to leave out.
    ///   - limit: How many are enough.
    func records(
        of user: String, except spared: SessionID? = nil, limit: Int = .max
    ) async throws -> [SessionRecord] {
        let now = self.now
        var records: [SessionRecord] = []
        for id in try await self.store.ids(ofUser: user, at: now) where id != spared {
            guard records.count < limit else { break }
            guard var record = try await self.store.read(id, at: now), !record.isExpired(at: now),
                SessionUser.isSame(record.user, user)
            else { continue }
            record.contents = []
            records.append(record)
        }
        return records
    }

    /// Ends a session, if it is this user's; nil for any user's.
    ///
    /// It is removed in the version in which it was the user's: another may have signed in by now, or somebody signed
    /// out.
    func end(_ id: SessionID, of user: String?, _ reporter: SessionReporter) async throws -> Bool {
        for _ in 0..<Self.maximumRounds {
            guard let record = try await self.store.read(id, at: self.now),
                user == nil || SessionUser.isSame(record.user, user)
            else { return false }
            guard try await self.store.remove(id, ifVersion: record.version) else { continue }
            reporter.revoked(SessionSubject(record))
            return true
        }
        // A session that is written all the time is not spared for it.
        try await self.store.remove(id)
        reporter.revoked(SessionSubject(id: id, user: user))
        return true
    }

    private static var maximumRounds: Int { 20 }
}
