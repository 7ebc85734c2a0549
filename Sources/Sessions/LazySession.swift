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
/// A request that never does costs no read of the store: a static file, a health check, a path that no route takes.
/// Such a request is answered while the store is out of reach, too.
///
/// Where sessions are opened without a store, one that nothing has looked at is opened at the commit if its cookie may
/// have to be sent again.
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
        /// What code got that looked before anything had opened the session: a mistake.
        var early: Session?
        /// What code gets that looks although the session could not be opened.
        var substitute: Session?
        /// Whether a task was cancelled while it opened the session. If that is the request's own, the client has gone.
        var wasCancelled = false
        var isCommitted = false
    }

    private let manager: SessionManager
    private let fields: @Sendable () -> RequestFields
    private let logger: Logger
    private let arrival: Date
    /// Where sessions were kept, and under which keys, when the request came.
    private let backend: any SessionBackend
    private let state = Mutex(State())

    /// The session of a request.
    ///
    /// - Parameter fields: What the request says; asked for when something needs it.
    package init(_ manager: SessionManager, logger: Logger, fields: @escaping @Sendable () -> RequestFields) {
        self.manager = manager
        self.fields = fields
        self.logger = logger
        self.arrival = manager.clock.now()
        self.backend = manager.backend
        manager.start()
    }

    /// Whether it is one of this manager's sessions.
    package func isOf(_ manager: SessionManager) -> Bool { self.manager === manager }

    // MARK: - Opening

    /// The session, opened by the first task that asks; others that ask at once wait for it.
    ///
    /// - Throws: What ``SessionManager/open(_:from:userAgent:logger:)`` throws; the store is not asked twice.
    package func open() async throws -> Session {
        while true {
            let (turn, wasCancelled) = self.state.withLock { state in
                guard case .unopened = state.phase else { return (state.phase, false) }
                if state.wasCancelled, Task.isCancelled { return (.unopened, true) }
                state.phase = .opening([])
                return (Phase.unopened, false)
            }
            switch turn {
            case .unopened where wasCancelled: throw CancellationError()
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
                self.fields(), arrival: self.arrival, in: self.backend, logger: self.logger)
            // A read that was cut off says nothing of the store.
            if Task.isCancelled, session.withState({ $0.unavailable != nil }) { throw CancellationError() }
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
            if case .unopened = phase { state.wasCancelled = true }
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

    // MARK: - Without waiting

    /// The session if it has been opened. Otherwise one that is empty and refuses changes: because it could not be
    /// opened, or because nothing has opened it, which is a mistake that ``commit()`` throws.
    ///
    /// After the commit there is nothing left that could throw: the log has the mistake, once.
    package var current: Session {
        let (session, isMistake) = self.state.withLock { state -> (Session, Bool) in
            switch state.phase {
            case .opened(let session): return (session, false)
            case .failed(let error):
                return (Self.kept(&state.substitute, error as? SessionError ?? Self.notOpened), false)
            // A log handler may look while the session is being opened, and anything when the client has gone.
            case .opening: return (Session(SessionState(.unavailable(Self.notOpened))), false)
            case .unopened where state.wasCancelled && Task.isCancelled:
                return (Session(SessionState(.unavailable(Self.notOpened))), false)
            case .unopened:
                let isFirst = state.early == nil
                return (Self.kept(&state.early, Self.notOpened), isFirst && state.isCommitted)
            }
        }
        if isMistake { self.logger.warning("\(Self.notOpened)") }
        return session
    }

    private static func kept(_ place: inout Session?, _ reason: SessionError) -> Session {
        let session = place ?? Session(SessionState(.unavailable(reason)))
        place = session
        return session
    }

    private static var notOpened: SessionError {
        SessionError(
            .sessionNotOpened,
            """
            A handler or hook that was registered with usesSession: false looked at the session. Leave that out, or ask \
            for the session with request.openSession().
            """)
    }

    // MARK: - Committing

    /// Whether the request has changed its session, so that a commit would write it.
    package var isModified: Bool {
        guard case .opened(let session) = self.state.withLock({ $0.phase }) else { return false }
        return session.withState { $0.intent.isModified }
    }

    /// Commits the session if it was opened, and says what the response must carry. One opened later is not saved.
    ///
    /// - Throws: ``SessionError`` as ``SessionManager/commit(_:logger:)`` does; of the kind `sessionNotOpened` when
    ///   something looked at ``current`` before the session was opened. Nothing is saved then.
    package func commit() async throws -> SessionHeaders {
        while true {
            let (phase, early, wasCancelled) = self.state.withLock { state in
                state.isCommitted = true
                return (state.phase, state.early, state.wasCancelled)
            }
            if early?.wasTouched == true { throw Self.notOpened }
            switch phase {
            case .opening: await self.wait()
            case .opened(let session): return try await self.manager.commit(session, logger: self.logger)
            case .unopened where wasCancelled && Task.isCancelled: return Self.unknown
            case .unopened:
                guard self.manager.mayRefreshUnread(self.fields().cookies) else { return SessionHeaders() }
                return try await self.manager.commit(try await self.open(), logger: self.logger)
            case .failed:
                if let substitute = self.state.withLock({ $0.substitute }) {
                    _ = try await self.manager.commit(substitute, logger: self.logger)
                }
                return self.headersAfterFailure
            }
        }
    }

    /// What a response must say when the commit has thrown.
    package var headersAfterFailure: SessionHeaders {
        let state = self.state.withLock { $0 }
        switch state.phase {
        case .opened(let session): return self.manager.headersAfterFailure(of: session)
        case .failed:
            let isForUser = state.substitute.map { self.manager.headersAfterFailure(of: $0).isForUser } ?? false
            return SessionHeaders(variesOnCookie: true, isForUser: isForUser)
        case .unopened, .opening: return state.early == nil ? SessionHeaders() : Self.unknown
        }
    }

    /// The response may depend on a cookie that was asked for in vain.
    private static let unknown = SessionHeaders(variesOnCookie: true)
}

extension Session {
    /// Whether code has done anything with a session that stands in for one.
    fileprivate var wasTouched: Bool {
        let state = self.snapshot
        return state.isAccessed || state.hasRefusedChange || !state.intent.countsAsUse
    }
}

/// What a request says that its session needs to know.
package struct RequestFields: Sendable {
    /// The values of its `Cookie` fields.
    let cookies: [String]
    /// What its browser calls itself.
    let userAgent: String?
    /// Where it comes from; nil where a browser keeps no cookie back.
    let origin: (@Sendable () -> CrossSiteRequest?)?

    package init(cookies: [String], userAgent: String? = nil, origin: (@Sendable () -> CrossSiteRequest?)? = nil) {
        self.cookies = cookies
        self.userAgent = userAgent
        self.origin = origin
    }
}
