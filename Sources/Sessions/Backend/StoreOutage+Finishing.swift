// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import Logging

extension StoreOutage {
    /// Does something to its end, in a task of its own: a client that hangs up cancels the request's task, and an ending
    /// that has begun must not stay half done.
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
