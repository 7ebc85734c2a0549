// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// Ending sessions from outside of them. It is not known how many cookies that is about: their number counts as zero.
extension CookieBackend {
    func revoke(_ id: SessionID, of user: String?, _ reporter: SessionReporter) async throws(SessionError) -> Bool {
        let ledger = try self.requiredLedger()
        try self.checkCanRevoke(of: user)
        return try await self.access.finishing(reporter) {
            let isFirst = ledger.end(id)
            try await ledger.flush()
            if isFirst { reporter.revoked(SessionSubject(id: id)) }
            return isFirst
        }
    }

    func revokeAll(of user: String, except kept: Session?, _ reporter: SessionReporter) async throws(SessionError)
        -> Int
    {
        let ledger = try self.requiredLedger()
        return try await self.access.finishing(reporter) {
            _ = try await self.endAll(of: user, except: kept, in: ledger, reporter)
            return 0
        }
    }

    /// Ends all sessions of a user that are in cookies by now; false when the session that asks has ended itself, and
    /// ends no other.
    ///
    /// - Parameter kept: The session that asks. It gets an id from after that.
    func endAll(
        of user: String, except kept: Session?, in ledger: any CookieLedger, _ reporter: SessionReporter
    ) async throws -> Bool {
        let state = kept?.openQuietly()
        // A session that another process has ended would outlive that with its new id.
        if kept != nil { try await ledger.catchUp() }
        guard let cutoff = ledger.endAll(of: user, askedBy: state?.revocableCookie) else { return false }
        if let kept, state?.stored == nil {
            kept.write { state in
                state.intent.revokedOthersAt = cutoff
                state.intent.wantsRenewal = true
                state.intent.isModified = true
                state.noteChange(of: "renewal")
            }
        }
        try await ledger.flush()
        reporter.revoked(SessionSubject(user: user))
        return true
    }

    /// Refuses what cannot be done to sessions in cookies.
    ///
    /// - Parameter user: Whose session one is to be; nil for any user's, and for all of a user's sessions.
    func checkCanRevoke(of user: String? = nil) throws(SessionError) {
        _ = try self.requiredLedger()
        guard user != nil else { return }
        throw SessionError(
            .notSupported,
            "Whose a session in a cookie is cannot be told by its id. Keep sessions in a store, or give no user.")
    }

    private func requiredLedger() throws(SessionError) -> any CookieLedger {
        if let ledger = self.ledger { return ledger }
        throw SessionError(
            .notSupported,
            "Sessions in cookies can only be ended from outside with a revocation list: .cookies(revocations:).")
    }
}
