// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

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
