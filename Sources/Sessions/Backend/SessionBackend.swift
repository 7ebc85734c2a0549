// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where the contents of sessions live: in the cookie itself, or in a store that the cookie points into.
protocol SessionBackend: Sendable {
    /// The session of a request; `token` is the value of its cookie, and `arrival` when it came.
    func open(_ token: ArraySlice<UInt8>?, arrival: Date, logger: Logger?) async throws -> Session

    /// Whether opening a session may read a store.
    var readsStoreToOpen: Bool { get }

    /// Whether a cookie's signature or seal is good and its time not over, judged without a store.
    func verifies(_ token: ArraySlice<UInt8>) -> Bool

    /// Whether a cookie that verifies leads to a session that has not ended. It changes nothing and tells nothing;
    /// where the store cannot say, the answer is yes.
    func isLive(_ token: ArraySlice<UInt8>, arrival: Date) async -> Bool

    /// Writes what the request changed, and says what becomes of the cookie.
    func commit(_ session: Session, logger: Logger?) async throws -> CookieAction

    /// A user's live sessions, the last used first.
    func activeSessions(of user: String, current: SessionID?, logger: Logger?) async throws -> [ActiveSession]

    /// Ends one session, if it is this user's (nil: any user's), and says whether there was one.
    func revoke(_ id: SessionID, of user: String?, logger: Logger?) async throws -> Bool

    /// Ends a user's sessions, perhaps all but one, and says how many there were.
    func revokeAll(of user: String, except kept: Session?, logger: Logger?) async throws -> Int

    /// Says what a commit has done, once nothing stands in the way of its cookie.
    func tell(_ action: CookieAction, of session: Session)

    /// The same backend, with the same store and all that it remembers, under other keys.
    func rekeyed(_ keys: SecretKeys) throws(SessionError) -> any SessionBackend
}

extension SessionBackend {
    /// What is written before there is a cookie has been told when it was written.
    func tell(_ action: CookieAction, of session: Session) {}
}

/// What holds where nothing knows the sessions of a user.
extension SessionBackend {
    func activeSessions(of user: String, current: SessionID?, logger: Logger?) async throws -> [ActiveSession] {
        throw self.unlisted
    }

    func revoke(_ id: SessionID, of user: String?, logger: Logger?) async throws -> Bool {
        throw self.unlisted
    }

    func revokeAll(of user: String, except kept: Session?, logger: Logger?) async throws -> Int {
        throw self.unlisted
    }

    private var unlisted: SessionError {
        SessionError(
            .notSupported,
            "Nothing knows a user's sessions where they are kept. To list and end them, set store in the configuration."
        )
    }
}

/// What a response does to the session cookie.
enum CookieAction: Sendable, Hashable {
    case none
    case delete
    /// - `expires`: seconds since 1970; `maxAge`: seconds; `id`: names the session in the cookie, where something does.
    case set(value: String, expires: Int? = nil, maxAge: Int? = nil, id: SessionID? = nil)
}
