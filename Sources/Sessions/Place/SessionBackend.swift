// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Where the contents of sessions live: in the cookie itself, or in a store that the cookie points into.
package protocol SessionBackend: Sendable {
    /// The session of a request; `token` is the value of its cookie, and `arrival` when it came.
    func open(_ token: ArraySlice<UInt8>?, arrival: Date, _ reporter: SessionReporter) async throws(SessionError)
        -> Session

    /// Whether opening a session may read a store.
    var readsStoreToOpen: Bool { get }

    /// Whether the cookie of a session at which nothing has looked may have to be sent again, told from the cookie's text
    /// with nothing verified.
    func mayRefreshUnread(_ token: ArraySlice<UInt8>) -> Bool

    /// Whether a cookie's signature or seal is good and its time not over, judged without a store.
    func verifies(_ token: ArraySlice<UInt8>) -> Bool

    /// Whether a cookie that verifies leads to a session that has not ended. It changes nothing and tells nothing;
    /// where the store cannot say, the answer is yes.
    func isLive(_ token: ArraySlice<UInt8>, arrival: Date) async -> Bool

    /// Writes what the request changed, tells what happened, and says what becomes of the cookie.
    func commit(_ session: Session, _ reporter: SessionReporter) async throws(SessionError) -> CookieAction

    /// A user's live sessions, the last used first.
    func activeSessions(of user: String, current: SessionID?, _ reporter: SessionReporter) async throws(SessionError)
        -> [ActiveSession]

    /// Ends one session, if it is this user's (nil: any user's), and says whether there was one.
    func revoke(_ id: SessionID, of user: String?, _ reporter: SessionReporter) async throws(SessionError) -> Bool

    /// Ends a user's sessions, perhaps all but one, and says how many there were.
    func revokeAll(of user: String, except kept: Session?, _ reporter: SessionReporter) async throws(SessionError)
        -> Int

    /// The same backend, with the same store and all that it remembers, under other keys.
    func rekeyed(_ keys: SecretKeys) throws(SessionError) -> any SessionBackend
}

extension SessionBackend {
    package func mayRefreshUnread(_ token: ArraySlice<UInt8>) -> Bool { true }
}

/// What holds where nothing knows the sessions of a user.
extension SessionBackend {
    package func activeSessions(
        of user: String, current: SessionID?, _ reporter: SessionReporter
    ) async throws(SessionError) -> [ActiveSession] {
        throw self.unlisted
    }

    package func revoke(_ id: SessionID, of user: String?, _ reporter: SessionReporter) async throws(SessionError)
        -> Bool
    {
        throw self.unlisted
    }

    package func revokeAll(of user: String, except kept: Session?, _ reporter: SessionReporter)
        async throws(SessionError) -> Int
    {
        throw self.unlisted
    }

    private var unlisted: SessionError {
        SessionError(
            .notSupported,
            "Nothing knows a user's sessions where they are kept. To list and end them, keep sessions in a store."
        )
    }
}

/// Is told by a backend of sessions that end in it, where they may have come from a cookie that could bring them again.
protocol EndListener: Sendable {
    /// The visitor has ended the session of this id, or a replay has: everything that came of its cookie ends.
    func ended(_ id: SessionID, _ reporter: SessionReporter) async throws

    /// The session of this id was revoked: its cookie is refused, and other sessions that came of it go on.
    func revoked(_ id: SessionID) async throws
}
