// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

/// How a backend works with an engine that may be out of reach.
///
/// An outage is an error, or an anonymous visitor if so configured, and never an empty session that would be saved over
/// the real one.
package struct StoreAccess: Sendable {
    package let policy: OutagePolicy

    package init(policy: OutagePolicy) {
        self.policy = policy
    }

    /// The session of a request whose record could not be read.
    package func session(after error: any Error, _ reporter: SessionReporter) throws(SessionError) -> Session {
        let failure = self.failure(after: error, reporter)
        switch self.policy {
        case .fail: throw failure
        case .anonymous: return Session(SessionState(.unavailable(failure)))
        }
    }

    /// What the request fails with; the reason is in the log.
    package func failure(after error: any Error, _ reporter: SessionReporter) -> SessionError {
        self.report(error, reporter)
        return SessionError(.storeUnavailable, "The session store cannot be reached.")
    }

    /// Counts and logs that the engine failed, where the request goes on.
    func report(_ error: any Error, _ reporter: SessionReporter) {
        // A client that has hung up is no outage.
        if !(error is CancellationError) { reporter.storeFailed(error) }
    }

    /// Saves what a request did to its session, if there is anything to save.
    ///
    /// A client that hangs up cancels the request's task; the session is saved all the same, and not by half.
    ///
    /// - Parameters:
    ///   - waits: Whether saving may have to wait for anything that a cancellation could stop.
    ///   - end: Ends the session that the request found, if it found one. It is called where the request has ended its
    ///     session, or signed out, and has set what cannot be stored: that must not undo a sign-out.
    package func commit(
        _ state: SessionState, hasWork: @autoclosure () -> Bool, waits: Bool = true, _ reporter: SessionReporter,
        end: (@Sendable () async throws -> Void)? = nil, save: @escaping @Sendable () async throws -> CookieAction
    ) async throws(SessionError) -> CookieAction {
        if let unavailable = state.unavailable {
            guard state.hasRefusedChange else { return .none }
            throw unavailable
        }
        if let failure = state.intent.failures.values.first {
            if let end, state.intent.isDestroyed || state.signsOut { try await self.finishing(reporter, end) }
            throw failure
        }
        guard hasWork() else { return .none }
        let isModified = state.intent.isModified
        let saving = { @Sendable () async -> Result<CookieAction, SessionError> in
            do {
                return .success(try await save())
            } catch let error as SessionError {
                guard let end, state.signsOut, error.isAboutContents else { return .failure(error) }
                do { try await end() } catch { return .failure(self.failure(after: error, reporter)) }
                return .failure(error)
            } catch {
                let failure = self.failure(after: error, reporter)
                // To note that a session was used is no change, and to an anonymous visitor no failure.
                return isModified || self.policy == .fail ? .failure(failure) : .success(.none)
            }
        }
        return try await (waits ? Task(operation: saving).value : saving()).get()
    }

    /// Does something to its end, although the client may hang up meanwhile: an ending that has begun must not stay
    /// half done.
    ///
    /// - Throws: ``SessionError``: what the body throws, or `storeUnavailable` in place of an error of the store.
    package func finishing<Answer: Sendable>(
        _ reporter: SessionReporter, _ body: @escaping @Sendable () async throws -> Answer
    ) async throws(SessionError) -> Answer {
        try await Task { () async -> Result<Answer, SessionError> in
            do throws(SessionError) {
                return .success(try await self.mapping(reporter, body))
            } catch {
                return .failure(error)
            }
        }.value.get()
    }

    /// Does something, and turns an error of the store into `storeUnavailable`.
    ///
    /// - Throws: ``SessionError``.
    func mapping<Answer>(
        _ reporter: SessionReporter, _ body: () async throws -> Answer
    ) async throws(SessionError) -> Answer {
        do {
            return try await body()
        } catch let error as SessionError {
            throw error
        } catch {
            throw self.failure(after: error, reporter)
        }
    }
}

extension StoreAccess {
    /// Refuses contents that are over a size limit, unless they are no larger than what they replace: a session that is
    /// too large already can be made smaller.
    package static func check(_ contents: [UInt8], limit: Int, replacing size: Int = 0) throws(SessionError) {
        guard contents.count > max(limit, size) else { return }
        throw SessionError(
            .sessionTooLarge,
            """
            The session takes \(contents.count) bytes, and sizeLimit is \(limit). Nothing of this request's changes was \
            stored. Keep less in the session, or raise sizeLimit.
            """)
    }
}
