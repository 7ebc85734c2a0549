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
        case .anonymous: return Session(SessionState(.unavailable(failure)))
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

extension StoreOutage {
    /// Saves what a request did to its session, if there is anything, and says what the request fails with if it
    /// cannot.
    func commit(
        _ state: SessionState, hasWork: @autoclosure () -> Bool, logger: Logger?,
        save: @escaping @Sendable () async throws -> CookieAction
    ) async throws -> CookieAction {
        if let unavailable = state.unavailable {
            guard state.hasRefusedChange else { return .none }
            throw unavailable
        }
        if let failure = state.failures.values.first { throw failure }
        guard hasWork() else { return .none }
        // A client that hangs up cancels the task, and its request must not be half saved.
        return try await Task { () async throws -> CookieAction in
            do {
                return try await save()
            } catch let error as SessionError {
                throw error
            } catch {
                let failure = self.failure(error, logger: logger)
                // To note that a session was used is no change, and to an anonymous visitor no failure.
                guard state.isModified || self.policy == .fail else { return .none }
                throw failure
            }
        }.value
    }
}

extension StoreOutage {
    /// Does something to its end, in a task of its own: a client that hangs up cancels the request's task, and an
    /// ending that has begun must not stay half done.
    ///
    /// - Throws: ``SessionError``: what the body throws, or `storeUnavailable` in place of an error of the store.
    func finishing<Answer: Sendable>(
        _ logger: Logger?, _ body: @escaping @Sendable () async throws -> Answer
    ) async throws -> Answer {
        try await Task {
            do {
                return try await body()
            } catch let error as SessionError {
                throw error
            } catch {
                throw self.failure(error, logger: logger)
            }
        }.value
    }
}
