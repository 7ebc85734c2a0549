// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

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
