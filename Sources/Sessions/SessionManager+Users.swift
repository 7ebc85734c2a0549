// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

extension SessionManager {
    /// A user's live sessions, the last used first: their list of devices.
    ///
    /// ```swift
    /// for device in try await sessions.activeSessions(of: "alice", current: session) {
    ///     let text = device.deviceLabel ?? "unknown device"
    ///     page += device.isCurrent ? "\(text) (this one)\n" : "\(text)\n"
    /// }
    /// ```
    ///
    /// Let the user prove who they are before showing it (``Session/requireFresh(within:)``; OWASP ASVS 5.0, 7.5.2).
    ///
    /// It reads every session of the user, one after the other, and for the order it must. Where a script may sign in again
    /// and again, set a `sessionLimit`; the page of `SessionsPages` shows 50, of which the store chooses.
    ///
    /// - Parameters:
    ///   - user: The user, as in ``Session/signIn(as:)``.
    ///   - current: The session of the request, to be marked in the list.
    /// - Throws: ``SessionError`` with `storeUnavailable`, or `notSupported` where sessions have no list.
    public func activeSessions(
        of user: String, current: Session? = nil
    ) async throws(SessionError) -> [ActiveSession] {
        guard SessionUser.isUsable(user) else { return [] }
        return try await self.backend.activeSessions(of: user, current: current?.quietID, self.reporter())
    }

    /// Ends one session: the next request with its cookie is anonymous, and one on its way changes nothing any more.
    ///
    /// - Parameters:
    ///   - id: The session's id, from ``activeSessions(of:current:)``.
    ///   - user: Whose it must be, so that no form can end another user's; nil for any user's.
    ///   - actor: Who ends it, for the event; nil for not telling.
    /// - Returns: Whether there was such a session.
    @discardableResult
    public func revoke(
        _ id: SessionID, of user: String? = nil, by actor: String? = nil
    ) async throws(SessionError) -> Bool {
        let isEnded = try await self.backend.revoke(id, of: user, self.reporter(by: actor))
        self.tellReach()
        return isEnded
    }

    /// Ends every session of this session's user but this one: for after a change of password. (OWASP ASVS 5.0, 7.4.3.)
    ///
    /// - Returns: How many there were; 0 also when no user is signed in.
    @discardableResult
    public func revokeOthers(than session: Session) async throws(SessionError) -> Int {
        guard let user = session.user else { return 0 }
        let count = try await self.backend.revokeAll(of: user, except: session, self.reporter(by: user))
        self.tellReach()
        return count
    }

    /// Ends every session of a user, on every device: "sign out everywhere", and for a user who was shut out. (OWASP
    /// ASVS 5.0, 7.4.2 and 7.4.5.)
    ///
    /// What is signed in when the call begins is ended when it returns. A session that signs in meanwhile may be.
    ///
    /// - Parameters:
    ///   - user: The user, as in ``Session/signIn(as:)``.
    ///   - actor: Who ends them, for the events, such as an administrator; nil for not telling.
    /// - Returns: How many there were.
    @discardableResult
    public func revokeAll(of user: String, by actor: String? = nil) async throws(SessionError) -> Int {
        guard SessionUser.isUsable(user) else { return 0 }
        let count = try await self.backend.revokeAll(of: user, except: nil, self.reporter(by: actor))
        self.tellReach()
        return count
    }

    /// An administrator who revokes from a process of their own must learn that the servers do not hear of it.
    private func tellReach() {
        guard let list = self.configuration.place.revocations?.list, !list.isShared else { return }
        self.logger.info(
            """
            cookies that hold their sessions are revoked in this process alone: the list is in its memory, and \
            .cookies(revocations: .shared(in:)) shares it
            """)
    }
}
