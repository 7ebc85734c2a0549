// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

package import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The session of a request that is opened when something first looks at it, for adapters to frameworks.
///
/// A request that never does costs no read of the store: a static file, a health check, a path that no route takes. Such
/// a request is answered while the store is out of reach, too.
///
/// Sessions that are opened without a store are opened at the commit at the latest, because their cookies may have to be
/// sent again.
package final class LazySession: Sendable {
    private enum Phase {
        case unopened
        /// A task is opening it, and these wait for that.
        case opening([CheckedContinuation<Void, Never>])
        case opened(Session)
        case failed(any Error)
    }

    private struct State {
        var phase = Phase.unopened
        /// What code gets that cannot wait for a session.
        var standIn: Session?
        var isCommitted = false
    }

    private let manager: SessionManager
    private let cookieFields: [String]
    private let origin: CrossSiteRequest?
    private let userAgent: String?
    private let logger: Logger
    private let arrival: Date
    private let state = Mutex(State())

    /// The session of a request; the parameters are those of ``SessionManager/open(_:from:userAgent:logger:)``.
    package init(
        _ manager: SessionManager, cookieFields: [String], from request: CrossSiteRequest?, userAgent: String?,
        logger: Logger
    ) {
        self.manager = manager
        self.cookieFields = cookieFields
        self.origin = request
        self.userAgent = userAgent
        self.logger = logger
        self.arrival = manager.clock.now()
    }

    // MARK: - Opening

    /// The session, opened by the first task that asks; others that ask at once wait for it.
    ///
    /// - Throws: What ``SessionManager/open(_:from:userAgent:logger:)`` throws; the store is not asked twice.
    package func open() async throws -> Session {
        while true {
            let turn = self.state.withLock { state in
                if case .unopened = state.phase {
                    state.phase = .opening([])
                    return Phase.unopened
                }
                return state.phase
            }
            switch turn {
            case .unopened: return try await self.read()
            case .opening: await self.wait()
            case .opened(let session): return session
            case .failed(let error): throw error
            }
        }
    }

    private func read() async throws -> Session {
        do {
            let session = try await self.manager.open(
                self.cookieFields, from: self.origin, userAgent: self.userAgent, arrival: self.arrival,
                logger: self.logger)
            // A read that was cut off says nothing of the store.
            if Task.isCancelled, session.snapshot.unavailable != nil { throw CancellationError() }
            self.end(.opened(session))
            return session
        } catch {
            // Only this task gives up: another one of the request may still want the session.
            self.end(Task.isCancelled ? .unopened : .failed(error))
            throw error
        }
    }

    private func end(_ phase: Phase) {
        let (before, isCommitted) = self.state.withLock { state in
            defer { state.phase = phase }
            return (state.phase, state.isCommitted)
        }
        if isCommitted, case .opened(let session) = phase { session.warnsOfChanges(in: self.logger) }
        guard case .opening(let waiting) = before else { return }
        for continuation in waiting { continuation.resume() }
    }

    private func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = self.state.withLock { state in
                guard case .opening(let waiting) = state.phase else { return true }
                state.phase = .opening(waiting + [continuation])
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// The session if it has been opened. Otherwise one that is empty and refuses changes, and then
    /// ``commit()`` throws: because the store is out of reach, or because nothing has opened the session.
    package var current: Session {
        self.state.withLock { state in
            if case .opened(let session) = state.phase { return session }
            if let standIn = state.standIn { return standIn }
            let standIn = Session(SessionState(unavailable: Self.reason(state.phase)))
            state.standIn = standIn
            return standIn
        }
    }

    private static func reason(_ phase: Phase) -> SessionError {
        if case .failed(let error as SessionError) = phase { return error }
        return SessionError(
            .sessionNotOpened,
            """
            A handler or hook that was registered with usesSession: false looked at the session. Leave that out, or ask \
            for the session with request.openSession().
            """)
    }

    // MARK: - Committing

    /// Commits the session if it was opened, and says what the response must carry. A session that is opened later is
    /// not saved.
    ///
    /// - Throws: ``SessionError`` as ``SessionManager/commit(_:logger:)`` does; with the code `sessionNotOpened` when
    ///   ``current`` was looked at and there was no session.
    package func commit() async throws -> SessionHeaders {
        while true {
            let (phase, standIn) = self.state.withLock { state in
                state.isCommitted = true
                return (state.phase, state.standIn)
            }
            switch phase {
            case .opening: await self.wait()
            case .opened(let session): return try await self.manager.commit(session, logger: self.logger)
            case .unopened:
                if let standIn, standIn.isAccessed { throw Self.reason(phase) }
                guard !self.manager.readsStoreToOpen else { return SessionHeaders() }
                return try await self.manager.commit(try await self.open(), logger: self.logger)
            case .failed:
                guard let standIn else { return SessionHeaders() }
                return try await self.manager.commit(standIn, logger: self.logger)
            }
        }
    }

    /// What a response must say when the commit has thrown.
    package var headersAfterFailure: SessionHeaders {
        let (phase, standIn) = self.state.withLock { ($0.phase, $0.standIn) }
        if case .opened(let session) = phase { return self.manager.headersAfterFailure(of: session) }
        return standIn.map { self.manager.headersAfterFailure(of: $0) } ?? SessionHeaders()
    }
}
