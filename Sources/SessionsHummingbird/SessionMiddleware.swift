// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

import HTTPTypes
public import Hummingbird
public import Sessions
import SessionsHTTP

/// Opens the session of a request at its first use, and commits it after the handler has returned or thrown.
///
/// ```swift
/// let sessions = try SessionManager(keys: SecretKeys(key))
/// let router = Router(context: BasicSessionRequestContext.self)
/// router.add(middleware: SessionMiddleware(sessions))  // before the routes that use it
/// router.get("/count") { request, context in
///     let count = try await context.session.update("count", default: 0) { $0 += 1 }
///     return "\(count)"
/// }
/// ```
///
/// A request that does not use its session does not read the store, and is answered while the store is out of reach.
///
/// Added twice it works once. Below the middleware of another manager `context.session` is this manager's session, with a
/// cookie of its own: give the two managers cookies of different names.
///
/// A request that a browser makes before the visitor goes to a page (`Sec-Purpose: prefetch`) changes no session: if its
/// handler has changed it, nothing is kept, and the answer is 503, after which the browser asks again when the visitor
/// does go there. So no prefetch signs out, counts, or takes a flashed message.
///
/// When a handler throws, its session is committed all the same, as in Flask. The error is then thrown as a
/// ``SessionResponseError``, which carries the session's headers. If a session cannot be committed, the response is an
/// error.
public struct SessionMiddleware<Context: SessionRequestContext>: RouterMiddleware {
    private let sessions: SessionManager

    /// A middleware for the sessions of one manager.
    public init(_ sessions: SessionManager) {
        self.sessions = sessions
    }

    /// Answers the request, and commits the session if it was opened.
    ///
    /// - Throws: ``SessionResponseError`` for any error of the handler, and for a session that cannot be committed.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        // If the middleware was added twice, a second session must not replace the first. That of another manager does: the
        // routes below this middleware ask for its sessions, and a guard there must see no other site's user.
        guard context.sessionSlot.session?.isOf(self.sessions) != true else { return try await next(request, context) }
        let exchange = SessionExchange(self.sessions, request.head, logger: context.logger)
        var context = context
        context.sessionSlot = SessionSlot(exchange.lazySession)
        let answer: Result<Response, any Error>
        do {
            answer = .success(try await next(request, context))
        } catch {
            answer = .failure(error)
        }
        guard let headers = try await self.commit(exchange) else { return Response(.afterPrefetch) }
        switch answer {
        case .success(var response):
            headers.apply(to: &response.headers)
            return response
        case .failure(let error): throw SessionResponseError(underlyingError: error, sessionHeaders: headers)
        }
    }

    /// What the response must carry; nil for a prefetch that would change the session.
    private func commit(_ exchange: SessionExchange) async throws(SessionResponseError) -> SessionHeaders? {
        switch await exchange.commit() {
        case .saved(let headers): return headers
        case .refused: return nil
        case .failed(let error, let headers):
            throw SessionResponseError(underlyingError: error, sessionHeaders: headers)
        }
    }
}

extension Response {
    fileprivate init(_ head: HTTPResponse) {
        self.init(status: head.status, headers: head.headerFields)
    }
}

/// A request context with room for a session.
///
/// ```swift
/// struct AppContext: SessionRequestContext {
///     var coreContext: CoreRequestContextStorage
///     var sessionSlot = SessionSlot()
///
///     init(source: Source) {
///         self.coreContext = .init(source: source)
///     }
/// }
/// ```
public protocol SessionRequestContext: RequestContext {
    /// The slot into which ``SessionMiddleware`` puts the session; empty at first.
    var sessionSlot: SessionSlot { get set }
}

extension SessionRequestContext {
    /// The visitor's session. Its first use in a request opens it, and may read the store.
    ///
    /// ```swift
    /// router.get("/") { request, context in
    ///     let username: String? = try await context.session["username"]
    ///     return "Logged in as \(username ?? "nobody")"
    /// }
    /// ```
    ///
    /// - Throws: `SessionError` of the kind `missingMiddleware` when no ``SessionMiddleware`` ran before the
    ///   handler, and `storeUnavailable` when the store is out of reach, unless `SessionConfiguration.outagePolicy`
    ///   then makes the visitor anonymous; `CancellationError` when the task is cancelled.
    public var session: Session {
        get async throws {
            guard let session = self.sessionSlot.session else {
                throw SessionError(
                    .missingMiddleware,
                    """
                    There is no session here because no SessionMiddleware ran before this handler. Add \
                    router.add(middleware: SessionMiddleware(sessions)) above the routes that use the session.
                    """)
            }
            return try await session.open()
        }
    }
}

/// The place in a request context where ``SessionMiddleware`` puts the session.
public struct SessionSlot: Sendable {
    package let session: LazySession?

    /// An empty slot.
    public init() {
        self.session = nil
    }

    init(_ session: LazySession) {
        self.session = session
    }
}
