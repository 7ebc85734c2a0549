// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

/// What a session backend does while its engine is out of reach.
///
/// That is an error, or an anonymous visitor if so configured, and never an empty session that would be saved over the
/// real one.
struct StoreOutage: Sendable {
    let policy: OutagePolicy
    let observer: SessionObserver

    /// The session of a request whose record could not be read.
    func session(after error: any Error, logger: Logger?) throws(SessionError) -> Session {
        let failure = self.failure(error, logger: logger)
        switch self.policy {
        case .fail: throw failure
        case .anonymous: return Session(SessionState(unavailable: failure))
        }
    }

    /// What the request fails with; the reason is in the log.
    func failure(_ error: any Error, logger: Logger?) -> SessionError {
        // A client that has hung up is no outage.
        if !(error is CancellationError) {
            self.observer.storeFailed(error, logger: logger)
        }
        return SessionError(.storeUnavailable, "The session store cannot be reached.")
    }
}
