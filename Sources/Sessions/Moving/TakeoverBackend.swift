// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions that live in a store, and cookies from before that hold theirs: each moves into the store with the next
/// response to a request that opens it.
struct TakeoverBackend: SessionBackend {
    private let cookies: CookieBackend
    private let store: StoreBackend

    /// - Parameters:
    ///   - cookies: Reads the cookies from before.
    ///   - store: Where their sessions go, and all others are.
    init(_ cookies: CookieBackend, into store: StoreBackend) {
        var cookies = cookies
        cookies.overflow = store
        cookies.movesAll = true
        self.cookies = cookies
        self.store = store
    }

    func rekeyed(_ keys: SecretKeys) -> any SessionBackend {
        TakeoverBackend(self.cookies.withKeys(keys), into: self.store.withKeys(keys))
    }

    var readsStoreToOpen: Bool { true }

    func open(_ token: ArraySlice<UInt8>?, arrival: Date, logger: Logger?) async throws -> Session {
        try await self.cookies.open(token, arrival: arrival, logger: logger)
    }

    func verifies(_ token: ArraySlice<UInt8>) -> Bool { self.cookies.verifies(token) }

    func isLive(_ token: ArraySlice<UInt8>, arrival: Date) async -> Bool {
        await self.cookies.isLive(token, arrival: arrival)
    }

    func commit(_ session: Session, logger: Logger?) async throws -> CookieAction {
        try await self.cookies.commit(session, logger: logger)
    }

    func tell(_ action: CookieAction, of session: Session) {
        self.cookies.tell(action, of: session)
    }

    // MARK: - A user's sessions

    /// Those that have come to the store.
    func activeSessions(of user: String, current: SessionID?, logger: Logger?) async throws -> [ActiveSession] {
        try await self.store.activeSessions(of: user, current: current, logger: logger)
    }

    /// With a list the cookie that the session came in ends with it; for nobody's in particular, also one that has not
    /// come yet.
    func revoke(_ id: SessionID, of user: String?, logger: Logger?) async throws -> Bool {
        if try await self.store.revoke(id, of: user, logger: logger) { return true }
        guard user == nil, self.cookies.list != nil else { return false }
        return try await self.cookies.revoke(id, of: nil, logger: logger)
    }

    /// With a list those that have not come yet end too.
    func revokeAll(of user: String, except kept: Session?, logger: Logger?) async throws -> Int {
        guard self.cookies.list != nil else {
            return try await self.store.revokeAll(of: user, except: kept, logger: logger)
        }
        return try await self.cookies.revokeAll(of: user, except: kept, logger: logger)
    }
}
