// SPDX-License-Identifier: Apache-2.0
// Part of Dewar, sessions for Swift.

public import Hummingbird
import Logging
public import Sessions

/// Opens the session of a request when something first looks at it, and commits it after the handler, however that
/// ends.
///
/// ```swift
/// let sessions = try SessionManager(keys: SecretKeys(key))
/// let router = Router(context: BasicSessionRequestContext.self)
/// router.add(middleware: SessionMiddleware(sessions))   // before the routes that use it
/// router.get("/count") { request, context in
///     let count = try await context.session.update("count", default: 0) { $0 += 1 }
///     return "\(count)"
/// }
/// ```
///
/// A request that never looks at its session costs no read of the store, and is answered while the store is out of
/// reach.
///
/// A handler that throws has its session committed all the same, as in Flask: the headers travel with the error, which
/// is thrown on as a ``SessionResponseError``. A session that cannot be committed makes the response an error.
public struct SessionMiddleware<Context: SessionRequestContext>: RouterMiddleware {
    private let sessions: SessionManager

    /// A middleware for the sessions of one manager.
    public init(_ sessions: SessionManager) {
        self.sessions = sessions
    }

    /// Answers the request, and commits the session if it was opened.
    ///
    /// - Throws: ``SessionResponseError`` for whatever the handler throws, and for a session that cannot be committed.
    public func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        // Added twice, it must not open a second session over the first.
        guard context.sessionSlot.session == nil else { return try await next(request, context) }
        let session = LazySession(
            self.sessions, cookieFields: request.headers[values: .cookie], from: CrossSiteRequest(request),
            userAgent: request.headers[.userAgent], logger: context.logger)
        var context = context
        context.sessionSlot = SessionSlot(session)
        do {
            var response = try await next(request, context)
            try await self.commit(session, context: context).apply(to: &response.headers)
            return response
        } catch let error as SessionResponseError {
            throw error
        } catch {
            let headers = try await self.commit(session, context: context)
            throw SessionResponseError(underlyingError: error, sessionHeaders: headers)
        }
    }

    private func commit(_ session: LazySession, context: Context) async throws(SessionResponseError) -> SessionHeaders {
        do {
            return try await session.commit()
        } catch {
            // A visitor who is signed in too often is no fault of the server.
            let level: Logger.Level = (error as? SessionError)?.kind == .sessionLimitReached ? .info : .error
            context.logger.log(
                level: level, "the session could not be committed", metadata: ["error": "\(error)"])
            throw SessionResponseError(underlyingError: error, sessionHeaders: session.headersAfterFailure)
        }
    }
}
