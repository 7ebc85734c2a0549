// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How a limit per user is met: a sign-in is written, and then the sessions beyond the limit go.
///
/// Sign-ins at the same moment have one order, the same for all who look: by the time at which the user proved who they
/// are, and the id. The last of them to be written sees all others, so that never more than the limit are left.
extension StoreBackend {
    /// Refuses a sign-in over the limit before anything is written, so that the session stays as it is.
    func checkLimit(before next: SessionRecord, over record: SessionRecord?) async throws {
        guard case .refusingNewest(let limit)? = self.settings.sessionLimit,
            let user = Self.newUser(in: next, over: record)
        else { return }
        let others = try await self.records(of: user, except: next.id, limit: limit)
        guard others.count < limit else { throw Self.limitReached }
    }

    /// Ends what a sign-in that was written has put beyond the limit.
    ///
    /// - Returns: False when it was this session that had to end.
    /// - Throws: `sessionLimitReached`, when this sign-in was refused; the session is as it was before.
    func enforceLimit(
        after next: SessionRecord, over record: SessionRecord?, _ reporter: SessionReporter
    ) async throws -> Bool {
        guard let limit = self.settings.sessionLimit, let user = Self.newUser(in: next, over: record) else {
            return true
        }
        do {
            guard try await self.endSurplus(of: user, limit: limit, around: next.id, reporter) else { return true }
        } catch {
            // It is not known whether there are too many; and no browser will ever have the new secret.
            try? await self.undo(next, to: record)
            throw error
        }
        guard case .refusingNewest = limit else {
            _ = try await self.end(next.id, of: user, reporter)
            return false
        }
        try await self.undo(next, to: record)
        throw Self.limitReached
    }

    /// Ends the user's other sessions beyond the limit, and says whether this one is beyond it too, or gone already.
    private func endSurplus(
        of user: String, limit: SessionLimit, around id: SessionID, _ reporter: SessionReporter
    ) async throws -> Bool {
        let records = try await self.records(of: user).sorted { $0.isBefore($1) }
        let kept =
            switch limit {
            case .refusingNewest(let count): records.prefix(count)
            case .endingOldest(let count): records.suffix(count)
            }
        for record in records where record.id != id && !kept.contains(where: { $0.id == record.id }) {
            guard try await self.end(record.id, of: user, reporter) else { continue }
            await self.retireCookie(of: record.id, reporter)
        }
        return !kept.contains { $0.id == id }
    }

    /// The sign-in stands, whatever becomes of a cookie from before.
    private func retireCookie(of id: SessionID, _ reporter: SessionReporter) async {
        do {
            try await self.listener?.revoked(id)
        } catch {
            reporter.storeFailed(error)
        }
    }

    /// Takes a sign-in back, unless another request has ended the session.
    private func undo(_ next: SessionRecord, to record: SessionRecord?) async throws {
        guard var before = record else {
            _ = try await self.store.remove(next.id, ifVersion: next.version)
            return
        }
        before.version = next.version + 1
        if try await self.store.write(before, replacing: next.version, at: self.now) { return }
        try await self.store.remove(next.id)
    }

    /// The user whom a write adds a session to.
    private static func newUser(in next: SessionRecord, over record: SessionRecord?) -> String? {
        SessionUser.isSame(next.user, record?.user) ? nil : next.user
    }

    private static var limitReached: SessionError {
        SessionError(
            .sessionLimitReached, "The user has as many sessions as are allowed. Sign out on another device first.")
    }
}

extension SessionRecord {
    /// Whether the user signed in here before they did there.
    fileprivate func isBefore(_ other: SessionRecord) -> Bool {
        // Another user has another secret, also one whom the application signs in without saying when.
        let (own, others) = (self.authenticatedAt ?? self.renewedAt, other.authenticatedAt ?? other.renewedAt)
        guard own == others, self.createdAt == other.createdAt else {
            return (own, self.createdAt) < (others, other.createdAt)
        }
        return self.id.bytes.lexicographicallyPrecedes(other.id.bytes)
    }
}
