// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sessions of a site without a secret key, Flask's null session: they can be looked at and are empty, and a change
/// makes the commit throw an error that says what is missing.
struct UnavailableBackend: SessionBackend {
    var readsStoreToOpen: Bool { false }

    func open(_ token: ArraySlice<UInt8>?, arrival: Date, _ reporter: SessionReporter) -> Session {
        Session(
            SessionState(
                .unavailable(
                    SessionError(
                        .noSecretKey,
                        """
                        The session is unavailable because no secret key was set. Set the secretKey to something unique \
                        and secret.
                        """))))
    }

    func verifies(_ token: ArraySlice<UInt8>) -> Bool { false }

    func isLive(_ token: ArraySlice<UInt8>, arrival: Date) -> Bool { false }

    func rekeyed(_ keys: SecretKeys) throws(SessionError) -> any SessionBackend {
        throw SessionError(
            .noSecretKey,
            "Sessions that began without a secret key get none later; start with a key, and then change it.")
    }

    func commit(_ session: Session, _ reporter: SessionReporter) throws(SessionError) -> CookieAction {
        let state = session.snapshot
        if state.hasRefusedChange, let unavailable = state.unavailable { throw unavailable }
        return .none
    }
}
