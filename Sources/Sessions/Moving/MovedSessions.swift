// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What has to happen when a session ends that came to the store in a cookie: the cookie could bring it again.
///
/// One cookie may have brought several sessions into the store. A response with the new cookie can be lost, and the
/// browser comes with the old one again; or a thief comes with a copy of it.
struct MovedSessions: EndListener {
    let ledger: RevocationLedger
    let store: any SessionStore
    let clock: SessionClock

    func ended(_ id: SessionID, _ reporter: SessionReporter) async throws {
        _ = self.ledger.end(id)
        try await self.ledger.flush()
        await self.removeRelatives(of: id, reporter)
    }

    func revoked(_ id: SessionID) async throws {
        try await self.ledger.catchUp()
        if self.ledger.closeOrigin(of: id) { try await self.ledger.flush() }
    }

    /// Removes the other sessions that came of the same cookie.
    func removeRelatives(of id: SessionID, _ reporter: SessionReporter) async {
        let now = self.clock.now().wholeMilliseconds
        for other in self.ledger.moved(with: id) where other != id {
            do {
                guard let record = try await self.store.read(other, at: now) else { continue }
                try await self.store.remove(other)
                reporter.revoked(SessionSubject(record))
            } catch {
                reporter.storeFailed(error)
            }
        }
    }

    /// Refuses the cookie that a stored session came in. It is called before the session gets a new secret: a failure
    /// afterwards would end the request, and the browser would never get the new secret.
    func retireCookie(of id: SessionID, _ reporter: SessionReporter) async throws {
        // The session may have moved in another process just now.
        try await self.ledger.catchUp()
        // A session that has expired since its request came is not renewed, and so ends no other. Its record is read before
        // anything is closed: a request that fails here is tried again as a whole.
        guard !self.ledger.moved(with: id).isEmpty,
            try await self.store.read(id, at: self.clock.now().wholeMilliseconds) != nil
        else { return }
        _ = self.ledger.closeOrigin(of: id)
        try await self.ledger.flush()
        await self.removeRelatives(of: id, reporter)
    }
}
